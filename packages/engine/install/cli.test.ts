import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type FakeMachine, fakeMachine, fakePython, write } from './fake-machine.js';
import { installPlan } from './index.mjs';

let machine: FakeMachine;
let project: string;
let packageFolder: string;
const sources = dirname(expect.getState().testPath!);

/** A project of a user: the package in its node_modules, a tfjs-node without a library, and a host that is out of reach. */
beforeEach(() => {
  machine = fakeMachine();
  project = join(machine.root, 'project');
  packageFolder = join(project, 'node_modules', '@tensor-papers', 'engine');
  mkdirSync(join(packageFolder, 'install'), { recursive: true });
  for (const name of readdirSync(sources).filter((file) => file.endsWith('.mjs'))) {
    cpSync(join(sources, name), join(packageFolder, 'install', name));
  }
  write(
    join(packageFolder, 'package.json'),
    '{ "name": "@tensor-papers/engine", "version": "1.2.3", "type": "module" }',
  );
  write(
    join(project, 'node_modules/@tensorflow/tfjs-node/package.json'),
    '{ "name": "@tensorflow/tfjs-node", "version": "4.22.0" }',
  );
  write(
    join(project, 'node_modules/@tensorflow/tfjs-node/scripts/install.js'),
    "console.error('getaddrinfo ENOTFOUND'); process.exit(1);",
  );
});
afterEach(() => machine.remove());

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

function engine(...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(packageFolder, 'install', 'cli.mjs'), ...args],
      { cwd: project, env: machine.env },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code ?? -1) : 0, stdout, stderr }),
    );
  });
}

/** The module that `doctor` starts, in place of the compiled package. */
const compiled = (source: string) => write(join(packageFolder, 'dist', 'index.js'), source);

describe('wrong usage: exit code 2, nothing on stdout', () => {
  it.each<[string[], string]>([
    [
      ['instal'],
      "engine: unknown verb 'instal' (did you mean 'install'?); expected one of install, doctor, conformance, profile\n",
    ],
    [['install', '--reinstal'], "engine: unknown flag '--reinstal' (did you mean '--reinstall'?); expected one of --"],
    [['doctor', '--reinstall'], "engine: unknown flag '--reinstall'"],
    [['install', '--json'], "engine: unknown flag '--json'"],
    [['--josn', 'doctor'], "engine: unknown flag '--josn' (did you mean '--json'?)"],
    [['install', '-x'], "engine: unknown flag '-x'; expected one of"],
    [['install', 'now'], "engine: 'now' is one argument too many after 'install'\n"],
    [['install', '--cache'], 'engine: --cache needs a value\n'],
    [['install', '--cache', '--reinstall'], 'engine: --cache needs a value\n'],
    [['install', '--engine='], 'engine: --engine needs a value\n'],
    [['install', '--reinstall=yes'], 'engine: --reinstall takes no value\n'],
    [['install', '--platform', 'linux'], 'engine: --platform goes with --dry-run\n'],
    [
      ['install', '--engine', 'wasn'],
      "engine: unknown engine 'wasn' (did you mean 'wasm'?); expected one of auto, tensorflow, wasm, webgpu, webgl, cpu\n",
    ],
    [['doctor', '--engine', 'torch'], "engine: unknown engine 'torch'"],
    [
      ['conformance', '--engine', 'wasm,tensorflo'],
      "engine: unknown engine 'tensorflo' (did you mean 'tensorflow'?); expected one of tensorflow, wasm, webgpu, webgl, cpu\n",
    ],
    [['conformance', '--engine', 'auto'], "engine: unknown engine 'auto'"],
    [['conformance', '--json'], 'engine: --json needs a value\n'],
    [['conformance', 'model.json'], "engine: 'model.json' is one argument too many after 'conformance'\n"],
    [['profile'], 'engine: profile needs MODEL: '],
    [['profile', 'a.json', 'b.json'], "engine: 'b.json' is one argument too many after 'profile'\n"],
    [['profile', 'a.json', '--batch', '0'], "engine: --batch: expected a whole number of at least 1, got '0'\n"],
    [['profile', 'a.json', '--steps=1.5'], "engine: --steps: expected a whole number of at least 1, got '1.5'\n"],
    [['profile', 'a.json', '--engine', 'wasn'], "engine: unknown engine 'wasn' (did you mean 'wasm'?)"],
    [[], 'usage: engine <verb>'],
  ])('engine %j', async (args, message) => {
    const { code, stdout, stderr } = await engine(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.slice(0, message.length)).toBe(message);
    expect(existsSync(machine.cache)).toBe(false);
  });
});

describe('help and version', () => {
  it('help names every verb and flag', async () => {
    const { code, stdout } = await engine('--help');
    expect(code).toBe(0);
    for (const word of [
      'install',
      'doctor',
      'conformance',
      'profile MODEL',
      '--stock',
      '--batch',
      '--engine',
      '--cache',
      '--reinstall',
      '--dry-run',
      '--json',
    ]) {
      expect(stdout).toContain(word);
    }
    expect(await engine('install', '--help')).toMatchObject({ code: 0, stdout });
  });

  it("version is the package's", async () => {
    expect(await engine('--version')).toMatchObject({ code: 0, stdout: '1.2.3\n' });
  });
});

describe('install', () => {
  it('falls back with plain sentences on stderr and one line on stdout', async () => {
    const { code, stdout, stderr } = await engine('install');
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'engine: cpu\n' });
    expect(stderr).toMatch(/native TensorFlow is not available \(.*own download failed: getaddrinfo ENOTFOUND\)\./);
    expect(stderr).toMatch(/using plain JavaScript \(cpu\)/);
  });

  it('tensorflow by name where it cannot be had: exit code 1 and the reason, no stack', async () => {
    const { code, stdout, stderr } = await engine('install', '--engine', 'tensorflow');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/engine: native TensorFlow is not available \(/);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('wasm by name installs nothing', async () => {
    expect(await engine('install', '--engine', 'wasm')).toEqual({
      code: 0,
      stdout: 'engine: wasm (forced)\n',
      stderr: '',
    });
    expect(existsSync(machine.cache)).toBe(false);
  });

  it('names the library that is linked already', async () => {
    write(join(project, 'node_modules/@tensorflow/tfjs-node/lib/napi-v8/tfjs_binding.node'), 'official addon');
    expect(await engine('install')).toEqual({
      code: 0,
      stdout: 'engine: tensorflow (linked, TensorFlow 2.9.1)\n',
      stderr: '',
    });
  });

  it('--cache is where it writes', async () => {
    machine.program('python3', fakePython({ download: "console.error('offline'); process.exit(1);" }));
    const other = join(machine.root, 'other cache');
    await engine('install', '--cache', other);
    expect(existsSync(machine.cache)).toBe(false);
    expect(existsSync(join(other, 'engine'))).toBe(installPlan() !== undefined);
  });

  it('--dry-run prints wheel, checksum and folder of any platform and fetches nothing', async () => {
    const plan = installPlan('darwin', 'arm64')!;
    expect(await engine('install', '--dry-run', '--platform', 'darwin', '--arch', 'arm64')).toEqual({
      code: 0,
      stdout: `wheel   ${plan.wheel}\nsha256  ${plan.sha256}\nfolder  ${join(machine.cache, 'engine', plan.key)}\nstate   never run\n`,
      stderr: '',
    });
    expect(await engine('install', '--dry-run', '--platform=win32', '--arch=x64')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/win_amd64[\s\S]*unused .*MSVC/),
    });
    expect(await engine('install', '--dry-run', '--platform=win32', '--arch=ia32')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('no wheel of TensorFlow for win32 ia32'),
    });
    const { stdout } = await engine('install', '--dry-run', '--cuda', '--platform=linux', '--arch=x64');
    expect(stdout).toMatch(
      /-linux-x64-cuda-napi8\n(beside {2}nvidia-\S+ {2}sha256:[0-9a-f]{64}\n){12}state {3}never run\n$/,
    );
    expect(existsSync(machine.cache)).toBe(false);
  });
});

describe('doctor', () => {
  it('prints the report of the package, as text and as JSON', async () => {
    compiled(`
      export const doctor = async () => ({ engine: process.env.TENSOR_PAPERS_ENGINE });
      export const formatDoctor = (report) => 'runs ' + report.engine;`);
    expect(await engine('doctor', '--engine', 'wasm')).toMatchObject({ code: 0, stdout: 'runs wasm\n' });
    const { stdout } = await engine('doctor', '--json', '--engine', 'cpu');
    expect(JSON.parse(stdout)).toEqual({ engine: 'cpu' });
  });

  it.each([
    ['an error while it loads', "throw new Error('no backend');", /the doctor failed: no backend/],
    ['an error in it', "export const doctor = () => { throw new Error('no self-test'); };", /failed: no self-test/],
    [
      'an abort',
      "console.error('libfake: undefined symbol'); process.abort();",
      /undefined symbol.*SIG\w+ stopped the doctor's process/s,
    ],
  ])('%s is reported', async (_name, source, message) => {
    compiled(source);
    const { code, stdout, stderr } = await engine('doctor');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(message);
  });

  it('says that the package is not built', async () => {
    expect(await engine('doctor')).toMatchObject({ code: 1, stderr: expect.stringContaining('is not built') });
  });
});

describe('conformance', () => {
  /** The package with three cases, each preceded by the given code; cpu cannot be had, and webgl crashes while it starts. */
  function withCases(runCase: string): void {
    const tfjs = join(project, 'node_modules/@tensorflow/tfjs');
    write(join(tfjs, 'package.json'), '{ "name": "@tensorflow/tfjs", "version": "4.22.0" }');
    write(join(tfjs, 'index.js'), "exports.version = { tfjs: '4.22.0' };");
    const cases = ['a', 'b', 'c'].map((id) => ({ id, op: 'op', gradients: id === 'b' ? [] : undefined }));
    write(join(packageFolder, 'fixtures/conformance.json'), JSON.stringify({ about: 'float64', cases }));
    compiled(`
      export function runCase({ id }) {
        ${runCase}
        return { id, op: 'op', forward: { status: 'ok', error: 0 }, gradient: null };
      }
      export async function useEngine() {
        const { TENSOR_PAPERS_ENGINE: name, TENSOR_PAPERS_STOCK: stock } = process.env;
        if (name === 'cpu') throw new Error('cpu cannot be had\\nat all');
        if (name === 'webgl') process.abort();
        return { version: name + stock, tfjs: '4.22.0' };
      }
      export const conformanceTable = (about, versions, runs) => ({ about, versions, runs });
      export const conformanceJson = (table) => JSON.stringify(table);
      export const formatConformance = conformanceJson;
      export const isConformant = ({ runs }) => runs.every((run) => !run.failure);`);
  }
  const right = (id: string) => ({ id, op: 'op', forward: { status: 'ok', error: 0 }, gradient: null });

  it('runs every engine twice, repaired and stock, each in its own process, and writes the table', async () => {
    withCases('');
    const file = join(machine.root, 'table.json');
    const { code, stdout, stderr } = await engine('conformance', '--engine', 'wasm,tensorflow,wasm', '--json', file);
    expect(code).toBe(0);
    const table = JSON.parse(stdout);
    expect(table.versions).toEqual({ engine: '1.2.3', tfjs: '4.22.0', node: process.versions.node });
    const names = table.runs.map(({ version }: { version: string }) => version);
    expect(names).toEqual(['wasm0', 'wasm1', 'tensorflow0', 'tensorflow1']);
    expect(table.runs[1]).toEqual({
      ...{ name: 'wasm', stock: true, version: 'wasm1' },
      results: ['a', 'b', 'c'].map(right),
    });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(table);
    expect(readdirSync(machine.root).filter((entry) => entry.endsWith('.partial'))).toEqual([]);
    const said = ['wasm', 'wasm, stock', 'tensorflow', 'tensorflow, stock'];
    expect(stderr).toBe(said.map((name) => `engine: 3 cases on ${name}\n`).join(''));
  });

  it('--stock leaves the repaired engines out', async () => {
    withCases('');
    const { stdout } = await engine('conformance', '--engine', 'wasm', '--stock');
    expect(JSON.parse(stdout).runs.map(({ version }: { version: string }) => version)).toEqual(['wasm1']);
  });

  it('a case that ends the process has failed, and the next ones are run', async () => {
    withCases("if (id === 'b') { console.error('free(): invalid pointer'); process.abort(); }");
    const { code, stdout } = await engine('conformance', '--engine', 'wasm', '--stock');
    const crashed = { status: 'failed', message: expect.stringMatching(/the process ended \(SIG\w+\): .+/) };
    expect(code).toBe(0);
    expect(JSON.parse(stdout).runs[0].results).toEqual([
      right('a'),
      { id: 'b', op: 'op', forward: crashed, gradient: crashed },
      right('c'),
    ]);
  });

  it('an engine that cannot be had, or crashes while it starts, is a row and not the end', async () => {
    withCases('');
    const { code, stdout } = await engine('conformance', '--engine', 'cpu,webgl,wasm');
    expect(code).toBe(1);
    const { runs } = JSON.parse(stdout);
    expect(runs[0]).toEqual({ name: 'cpu', stock: false, version: null, failure: 'cpu cannot be had', results: [] });
    expect(runs[2].failure).toMatch(/the process ended \(SIG/);
    expect(runs[4].results).toHaveLength(3);
  });

  it.each([
    ['no/such/folder/table.json', 'before anything runs', /^engine: \//],
    ['folder', 'after it', /^engine: 3 cases/],
  ])('a file that cannot be written (%s) is said %s: exit code 1', async (name, _when, first) => {
    withCases('');
    mkdirSync(join(machine.root, 'folder'));
    const file = join(machine.root, name);
    const { code, stderr } = await engine('conformance', '--engine', 'wasm', '--stock', '--json', file);
    expect(code).toBe(1);
    expect(stderr).toMatch(first);
    expect(stderr).toContain(`engine: ${file} cannot be written: `);
    expect(readdirSync(machine.root).filter((entry) => entry.endsWith('.partial'))).toEqual([]);
  });
});
