import { execFile, execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type FakeMachine, fakeMachine, write } from './fake-machine.js';
import { findDamage, findPackage, InstallError, installPlan, installSteps, restoreTfjsNode } from './index.mjs';

/** The whole way with real programs and hosts: 230 MB from the package index, npm, a compiler, and a training step at the end. */
const plan = installPlan();
const sources = dirname(expect.getState().testPath!);
let machine: FakeMachine;
let project: string;
let env: NodeJS.ProcessEnv;

function run(command: string, args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(command, args, { cwd: project, env, maxBuffer: 1e8 }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code ?? -1) : 0, stdout, stderr }),
    );
  });
}
const engine = (...args: string[]) =>
  run(process.execPath, [join(project, 'node_modules/@tensor-papers/engine/install/cli.mjs'), ...args]);
const placed = () => join(project, 'node_modules', '@tensorflow', 'tfjs-node');

async function train() {
  const script = write(
    join(project, 'train.mjs'),
    `import { createRequire } from 'node:module';
     import util from 'node:util';
     util.isNullOrUndefined ??= (value) => value === null || value === undefined;
     const require = createRequire(import.meta.url);
     const tf = require('@tensorflow/tfjs');
     const shared = require('@tensorflow/tfjs-node').engine() === tf.engine();
     const model = tf.sequential({ layers: [
       tf.layers.conv2d({ inputShape: [8, 8, 1], filters: 4, kernelSize: 3, activation: 'relu' }),
       tf.layers.flatten(), tf.layers.dense({ units: 3, activation: 'softmax' })] });
     model.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy' });
     const { history } = await model.fit(tf.ones([6, 8, 8, 1]), tf.oneHot([0, 1, 2, 0, 1, 2], 3), { epochs: 2, verbose: 0 });
     console.log(JSON.stringify({ shared, backend: tf.getBackend(), version: tf.backend().binding.TF_Version, loss: history.loss }));`,
  );
  const { code, stdout, stderr } = await run(process.execPath, [script]);
  expect({ code, stderr: code ? stderr : '' }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as {
    shared: boolean;
    backend: string;
    version: string;
    loss: number[];
  };
}

beforeAll(async () => {
  machine = fakeMachine();
  env = { ...process.env, TENSOR_PAPERS_CACHE: machine.cache, TF_CPP_MIN_LOG_LEVEL: '3' };
  delete env.TENSOR_PAPERS_ENGINE;
  // pnpm's start scripts let every program see this repository's packages.
  delete env.NODE_PATH;
  project = join(machine.root, 'project');
  write(join(project, 'package.json'), '{ "name": "user", "private": true, "dependencies": {} }');
  // As packed, without the registry: the package itself is not published yet when this runs.
  const folder = join(project, 'packed');
  mkdirSync(join(folder, 'install'), { recursive: true });
  for (const name of readdirSync(sources).filter((file) => file.endsWith('.mjs'))) {
    cpSync(join(sources, name), join(folder, 'install', name));
  }
  cpSync(join(sources, '..', 'native'), join(folder, 'native'), { recursive: true });
  const manifest = JSON.parse(readFileSync(join(sources, '..', 'package.json'), 'utf8'));
  const headers = JSON.parse(readFileSync(join(findPackage('node-api-headers')!, 'package.json'), 'utf8')).version;
  write(
    join(folder, 'package.json'),
    JSON.stringify({
      name: manifest.name,
      version: manifest.version,
      type: 'module',
      bin: manifest.bin,
      exports: { './install': './install/index.mjs' },
      dependencies: { 'node-api-headers': headers },
    }),
  );
  execFileSync('npm', ['pack', '--silent', '--pack-destination', project], { cwd: folder });
  const tarball = readdirSync(project).find((name) => name.endsWith('.tgz'))!;
  rmSync(folder, { recursive: true });
  const { code, stderr } = await run('npm', [
    ...['install', '--ignore-scripts', '--no-audit', '--no-fund'],
    ...[`./${tarball}`, '@tensorflow/tfjs@4.22.0'],
  ]);
  expect({ code, stderr: code ? stderr : '' }).toEqual({ code: 0, stderr: '' });
}, 300_000);
afterAll(() => machine.remove());

describe('a real installation in a project of a user', () => {
  it('from an empty cache to a trained step', async () => {
    const before = readFileSync(join(project, 'package-lock.json'), 'utf8');
    const { code, stdout, stderr } = await engine('install', '--engine', 'tensorflow');
    expect({ code, stderr: code ? stderr : '' }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe(`engine: tensorflow (wheel, TensorFlow ${plan!.version})\n`);
    expect(readFileSync(join(project, 'package-lock.json'), 'utf8')).toBe(before);

    const { shared, backend, version, loss } = await train();
    expect({ shared, backend, version }).toEqual({ shared: true, backend: 'tensorflow', version: plan!.version });
    expect(loss[1]!).toBeLessThan(loss[0]!);
  }, 1_800_000);

  it('the second run finds the link', async () => {
    expect((await engine('install')).stdout).toBe(`engine: tensorflow (linked, TensorFlow ${plan!.version})\n`);
  });

  it('npm rebuild runs nothing in it; npm ci removes it, the cache gives it back', async () => {
    expect((await run('npm', ['rebuild'])).code).toBe(0);
    expect((await train()).backend).toBe('tensorflow');
    expect((await run('npm', ['ci', '--ignore-scripts'])).code).toBe(0);
    expect(existsSync(placed())).toBe(false);
    expect(await restoreTfjsNode({ env, from: project })).toBe(realpathSync(placed()));
    expect((await train()).shared).toBe(true);
  }, 300_000);

  it('a byte changed in the library: --reinstall finds it and installs anew', async () => {
    const library = join(machine.cache, 'engine', plan!.key, 'deps', 'lib', plan!.libraries[1]!);
    const bytes = readFileSync(library);
    bytes[bytes.length - 1]! ^= 1;
    rmSync(library);
    writeFileSync(library, bytes);
    expect(await findDamage(join(machine.cache, 'engine', plan!.key))).toBeUndefined();
    const { code, stdout, stderr } = await engine('install', '--reinstall');
    expect({ code, stdout }).toEqual({ code: 0, stdout: `engine: tensorflow (wheel, TensorFlow ${plan!.version})\n` });
    expect(stderr).toMatch(/has another checksum than it was installed with/);
    expect((await train()).backend).toBe('tensorflow');
  }, 1_800_000);

  it("pip refuses the wheel when the pinned checksum is another's", async () => {
    const folder = join(machine.root, 'other');
    mkdirSync(folder);
    const wrong = { ...plan!, sha256: '1'.repeat(64) };
    const refused = installSteps.unpackWheel(wrong, folder, { env, log: () => {} });
    await expect(refused).rejects.toThrow(InstallError);
    await expect(refused).rejects.toMatchObject({ code: 'engine/wrong-checksum' });
  }, 600_000);
});

describe('unpacking with a real Python', () => {
  /** A `pip` of which only the download is replaced: it leaves a wheel with the given entries. */
  async function unpack(entries: Record<string, string>) {
    const shadow = join(machine.root, 'shadow');
    rmSync(shadow, { recursive: true, force: true });
    const make = `import json, os, sys, zipfile
args = sys.argv[1:]
if 'download' in args:
    folder = args[args.index('-d') + 1]
    os.makedirs(folder)
    with zipfile.ZipFile(os.path.join(folder, 'fake.whl'), 'w') as wheel:
        for name, text in json.loads(os.environ['ENTRIES']).items():
            wheel.writestr(name, text)
`;
    write(join(shadow, 'pip', '__init__.py'), '');
    write(join(shadow, 'pip', '__main__.py'), make);
    const folder = join(machine.root, 'unpacked');
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    const small = { ...plan!, libraries: ['libone.so'], headers: ['tensorflow/c/'] };
    const context = { env: { ...env, PYTHONPATH: shadow, ENTRIES: JSON.stringify(entries) }, log: () => {} };
    return { folder, files: await installSteps.unpackWheel(small, folder, context) };
  }

  it('takes the libraries and the headers, nothing else', async () => {
    const { folder, files } = await unpack({
      'tensorflow/libone.so': 'one',
      'tensorflow/python/libone.so': 'not this one',
      'tensorflow/include/tensorflow/c/c_api.h': 'header',
      'tensorflow/include/eigen/big.h': 'not this one',
    });
    expect(files).toEqual(['deps/lib/libone.so']);
    const left = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(left.map(({ name }) => name).sort()).toEqual(['c_api.h', 'libone.so']);
    expect(readFileSync(join(folder, 'deps/lib/libone.so'), 'utf8')).toBe('one');
  });

  it('refuses a wheel that names a file outside its folder, and one without the library', async () => {
    const outside = unpack({
      'tensorflow/libone.so': 'one',
      'tensorflow/include/tensorflow/c/../../../../escaped.h': 'outside',
    });
    await expect(outside).rejects.toMatchObject({
      code: 'engine/unpack-failed',
      message: expect.stringContaining('names a file outside its folder'),
    });
    expect(existsSync(join(machine.root, 'escaped.h'))).toBe(false);
    await expect(unpack({ 'tensorflow/readme': '' })).rejects.toMatchObject({
      message: expect.stringContaining('the wheel does not hold libone.so'),
    });
  });
});
