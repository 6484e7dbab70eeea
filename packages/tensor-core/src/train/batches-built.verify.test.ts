import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const packages = join(__dirname, '..', '..', '..');
let folder: string;

/** Builds a package as it is published, beside what it needs. */
function install(name: string): void {
  const source = join(packages, name);
  const target = join(folder, 'node_modules', '@tensor-papers', name);
  mkdirSync(target, { recursive: true });
  copyFileSync(join(source, 'package.json'), join(target, 'package.json'));
  const tsup = join(source, 'node_modules', 'tsup', 'dist', 'cli-default.js');
  execFileSync(process.execPath, [tsup, '--out-dir', join(target, 'dist'), '--no-dts'], { cwd: source, stdio: 'pipe' });
  const { dependencies, peerDependencies } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'));
  for (const needed of Object.keys({ ...dependencies, ...peerDependencies })) {
    if (needed.startsWith('@tensor-papers/')) continue;
    const link = join(folder, 'node_modules', needed);
    mkdirSync(dirname(link), { recursive: true });
    rmSync(link, { force: true });
    symlinkSync(join(source, 'node_modules', needed), link, 'junction');
  }
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'built-'));
  install('numerics');
  install('tensor-core');
}, 300_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const program = `
  const data = {
    length: 20,
    shape: [4, 4, 1],
    classNames: ['one'],
    ids: [],
    labels: new Int32Array(20),
    images: (indices) => Uint8Array.from({ length: indices.length * 16 }, (_, i) => indices[i >> 4] * 12 + (i & 15)),
    source: { id: 'built', sha256: '', licence: '', citation: '' },
  };
  const options = { batchSize: 4, rng: createRng(3), augment: [{ kind: 'flip' }, { kind: 'shift', pixels: 1 }] };
  const read = async (source) => {
    const all = [];
    for await (const { x, indices } of source) all.push([...indices, ...x.dataSync()]);
    return all;
  };
  async function main() {
    const [here, there] = [await read(batches(data, options)), await read(workerBatches(data, options))];
    console.log(JSON.stringify([here.length, JSON.stringify(here) === JSON.stringify(there)]));
  }
  main();
`;

describe('the built package', () => {
  const names = { '@tensor-papers/numerics/random': 'createRng', '@tensor-papers/tensor-core/train': 'batches' };
  const imports = Object.entries({ ...names, '@tensor-papers/tensor-core/train/node': 'workerBatches' });
  it.each([
    ['run.mjs', imports.map(([from, name]) => `import { ${name} } from '${from}';`)],
    ['run.cjs', imports.map(([from, name]) => `const { ${name} } = require('${from}');`)],
  ])('prepares batches in threads, as %s', (file, lines) => {
    const path = join(folder, file);
    writeFileSync(path, lines.join('\n') + program);
    const output = execFileSync(process.execPath, [path], { cwd: folder, encoding: 'utf8', timeout: 60_000 });
    expect(JSON.parse(output.trim().split('\n').at(-1)!)).toEqual([5, true]);
  });
});
