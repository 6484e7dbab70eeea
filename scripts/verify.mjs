// `pnpm verify`: what takes longer than `pnpm test`: builds, the packed artefacts, and the tests that packages mark as long.
import { provideEngine } from './provide-engine.mjs';
import { runTurbo } from './run.mjs';

const engine = await provideEngine();
process.exit(
  await runTurbo(['build', 'check:package', 'verify'], {
    engine,
    args: ['--continue=always', ...process.argv.slice(2)],
  }),
);
