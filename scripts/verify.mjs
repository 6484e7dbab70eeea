// `pnpm verify`: what takes longer than `pnpm test`: builds, the packed artefacts, the examples, the API reference and the report with it,
// the tests that packages mark as long, a real Slurm.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { provideEngine } from './provide-engine.mjs';
import { root, runProgram, runSource, runTurbo } from './run.mjs';

const engine = await provideEngine();
const codes = [
  await runTurbo(['build', 'check:package', 'verify'], {
    engine,
    args: ['--continue=always', ...process.argv.slice(2)],
  }),
];
if (codes[0] === 130) process.exit(130);
for (const script of ['packed.mjs', 'examples.mjs', 'api-docs.mjs']) {
  codes.push(await runProgram(process.execPath, [join(root, 'scripts', script)]));
}
codes.push(await runSource('apps/benchmarks', 'src/main.ts', []));

// It needs programs of the system and root, which not every machine has.
if (process.getuid?.() === 0 && spawnSync('slurmd', ['-V']).status === 0) {
  codes.push(await runProgram(join(root, 'scripts', 'slurm-check.sh'), []));
} else {
  console.error('verify: scripts/slurm-check.sh was not run: it needs root, slurmctld, slurmd, slurm-client and munge');
}
process.exit(Math.max(...codes));
