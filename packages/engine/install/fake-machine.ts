import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { InstallError, type InstallPlan, type InstallSteps, installSteps, type ProvisionOptions } from './index.mjs';

/** A machine for tests of the installer: an empty cache, a tfjs-node of a few bytes, and only the programs that a test puts there. */
export interface FakeMachine {
  readonly root: string;
  readonly bin: string;
  readonly cache: string;
  readonly tfjsNode: string;
  /** The folder of the finished engine. */
  readonly engine: string;
  readonly env: NodeJS.ProcessEnv;
  readonly lines: string[];
  /** Options of `provision` for this machine; nothing outside `root` is touched. */
  options(more?: ProvisionOptions): ProvisionOptions;
  /** Puts a program on the path: the body of a Node script that sees `args`. */
  program(name: string, body: string): void;
  remove(): void;
}

export const fakePlan: InstallPlan = {
  distribution: 'fake-tensorflow',
  version: '2.18.1',
  tag: 'any',
  wheel: 'fake_tensorflow-2.18.1-cp311-cp311-any.whl',
  sha256: '0'.repeat(64),
  libraries: ['libfake.so'],
  headers: ['tensorflow/c/'],
  key: 'tensorflow-2.18.1-fake',
};

export function write(path: string, content: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

/** Steps that succeed with files of a few bytes, except tfjs-node's own download, whose host is out of reach. */
export const fakeSteps: InstallSteps = {
  async unpackWheel(plan, folder) {
    for (const name of plan.libraries) write(join(folder, 'deps', 'lib', name), `library ${name}`);
    return plan.libraries.map((name) => `deps/lib/${name}`);
  },
  async compileAddon(_plan, folder) {
    write(join(folder, 'lib', 'napi-v8', 'tfjs_binding.node'), 'addon');
    return ['lib/napi-v8/tfjs_binding.node'];
  },
  async installOfficial() {
    throw new InstallError('engine/official-failed', "tfjs-node's own download failed: getaddrinfo ENOTFOUND");
  },
  provideTfjsNode: installSteps.provideTfjsNode,
};

/** The real steps, with the host of tfjs-node's own download out of reach. */
export const realSteps: InstallSteps = { ...installSteps, installOfficial: fakeSteps.installOfficial };

/** Body of a `python3` that has pip; `download` and `unpack` are what it does then. */
export function fakePython({ download, unpack = '' }: { download: string; unpack?: string }): string {
  return `
    if (args.includes('--version')) { console.log('pip 25.0'); process.exit(0); }
    if (args.includes('download')) { const folder = args[args.indexOf('-d') + 1]; fs.mkdirSync(folder, { recursive: true }); ${download} }
    else { const target = args[args.indexOf('-c') + 3]; ${unpack} }`;
}

/** Statement of a fake program: stays until the program that started it is gone. */
export const hang = 'const parent = process.ppid; setInterval(() => process.ppid === parent || process.exit(1), 20);';

export function fakeMachine(): FakeMachine {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'engine-install-')));
  const [bin, home, cache, tfjsNode] = ['bin', 'home', 'cache', 'tfjs-node'].map((name) => join(root, name)) as [
    string,
    string,
    string,
    string,
  ];
  for (const folder of [bin, home]) mkdirSync(folder);
  write(join(tfjsNode, 'package.json'), '{ "name": "@tensorflow/tfjs-node", "version": "4.22.0" }');
  for (const name of ['tfjs_backend.cc', 'tfjs_binding.cc']) write(join(tfjsNode, 'binding', name), '// source');
  const env = { PATH: bin, HOME: home, TENSOR_PAPERS_CACHE: cache };
  const lines: string[] = [];
  return {
    root,
    bin,
    cache,
    tfjsNode,
    engine: join(cache, 'engine', fakePlan.key),
    env,
    lines,
    options: (more = {}) => ({
      env,
      log: (line) => lines.push(line),
      tfjsNode,
      plan: fakePlan,
      build: fakeSteps,
      ...more,
    }),
    program(name, body) {
      write(
        join(bin, name),
        `#!${process.execPath}\nconst fs = require('node:fs'), path = require('node:path'), args = process.argv.slice(2);\n${body}\n`,
      );
      chmodSync(join(bin, name), 0o755);
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
