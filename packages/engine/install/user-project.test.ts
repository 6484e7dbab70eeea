import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type FakeMachine, fakeMachine, fakePlan, fakeSteps, write } from './fake-machine.js';
import { installSteps, provision, restoreTfjsNode } from './index.mjs';

let machine: FakeMachine;
let project: string;
let expected: string;
beforeEach(() => {
  machine = fakeMachine();
  machine.env.PATH = `${machine.bin}:${process.env.PATH}`;
  project = join(machine.root, 'project');
  write(join(project, 'package.json'), '{ "dependencies": { "@tensorflow/tfjs": "4.22.0" } }');
  write(join(project, '.npmrc'), 'registry=https://registry.example/\n');
  fakePackage(join(project, 'node_modules', '@tensorflow', 'tfjs'), '4.22.0');
  fakePackage(join(project, 'node_modules', '@tensorflow', 'tfjs-core'), '4.22.0');

  const unpacked = join(machine.root, 'tarball', 'package');
  write(
    join(unpacked, 'package.json'),
    JSON.stringify({
      name: '@tensorflow/tfjs-node',
      version: '4.22.0',
      main: 'dist/index.js',
      gypfile: true,
      scripts: { install: 'node scripts/install.js' },
      dependencies: { '@tensorflow/tfjs': '4.22.0', progress: '^2.0.0' },
      devDependencies: { yalc: '1' },
    }),
  );
  write(
    join(unpacked, 'dist', 'index.js'),
    "module.exports = ['@tensorflow/tfjs', '@tensorflow/tfjs-core', 'progress'].map((name) => require(name).at);",
  );
  const tarball = join(machine.root, 'tfjs-node.tgz');
  execFileSync('tar', ['-czf', tarball, '-C', join(machine.root, 'tarball'), 'package']);
  expected = `sha512-${createHash('sha512').update(readFileSync(tarball)).digest('base64')}`;
  fakeNpm(tarball);
});
afterEach(() => machine.remove());

function fakePackage(folder: string, version: string) {
  write(join(folder, 'package.json'), JSON.stringify({ version }));
  write(join(folder, 'index.js'), 'module.exports = { at: __dirname };');
}

function fakeNpm(tarball: string) {
  machine.program(
    'npm',
    `const log = '${machine.root}/npm.log';
     fs.appendFileSync(log, JSON.stringify({ args, cwd: process.cwd(), npmrc: fs.existsSync('.npmrc') && fs.readFileSync('.npmrc', 'utf8') }) + '\\n');
     if (args[0] === 'pack') fs.copyFileSync('${tarball}', path.join(args[args.indexOf('--pack-destination') + 1], 'tensorflow-tfjs-node-4.22.0.tgz'));
     else {
       const folder = args[args.indexOf('--prefix') + 1];
       for (const name of Object.keys(JSON.parse(fs.readFileSync(folder + '/package.json')).dependencies)) {
         fs.mkdirSync(folder + '/node_modules/' + name, { recursive: true });
         fs.writeFileSync(folder + '/node_modules/' + name + '/index.js', 'module.exports = { at: __dirname };');
       }
     }`,
  );
}

const npmCalls = () =>
  readFileSync(join(machine.root, 'npm.log'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { args: string[]; cwd: string; npmrc: string | false });

const placed = () => join(project, 'node_modules', '@tensorflow', 'tfjs-node');
const install = (from = project) =>
  provision(
    machine.options({
      from,
      tfjsNode: null,
      build: {
        ...fakeSteps,
        provideTfjsNode: (at, context) => installSteps.provideTfjsNode(at, { ...context, expected }),
      },
    }),
  );
const restore = (from = project) => restoreTfjsNode({ env: machine.env, from, plan: fakePlan });
/** Where the placed tfjs-node finds tfjs, tfjs-core and progress. */
const resolved = () => {
  const output = execFileSync(process.execPath, ['-p', 'JSON.stringify(require(process.argv[1]))', placed()]);
  return JSON.parse(String(output)) as string[];
};

describe('a project with tfjs and without tfjs-node', () => {
  it('gets tfjs-node beside its tfjs, linked to the library, with its manifest unchanged', async () => {
    const before = readFileSync(join(project, 'package.json'), 'utf8');
    expect(await install()).toMatchObject({ engine: 'tensorflow', source: 'wheel', tfjsNode: placed(), reasons: [] });
    expect(realpathSync(join(placed(), 'lib'))).toBe(join(machine.engine, 'lib'));
    expect(readFileSync(join(project, 'package.json'), 'utf8')).toBe(before);
    expect(readdirSync(project).sort()).toEqual(['.npmrc', 'node_modules', 'package.json']);
    expect(readdirSync(join(project, 'node_modules', '@tensorflow')).sort()).toEqual([
      'tfjs',
      'tfjs-core',
      'tfjs-node',
    ]);
  });

  it("shares the project's tfjs and brings its own other dependencies", async () => {
    await install();
    const modules = join(project, 'node_modules');
    expect(resolved()).toEqual([
      join(modules, '@tensorflow', 'tfjs'),
      join(modules, '@tensorflow', 'tfjs-core'),
      join(placed(), 'node_modules', 'progress'),
    ]);
    expect(existsSync(join(placed(), 'node_modules', '@tensorflow'))).toBe(false);
  });

  it('leaves nothing in it that a package manager would run', async () => {
    await install();
    const manifest = JSON.parse(readFileSync(join(placed(), 'package.json'), 'utf8'));
    expect(manifest).toMatchObject({ name: '@tensorflow/tfjs-node', gypfile: false });
    expect(manifest).not.toHaveProperty('scripts');
    expect(npmCalls().map(({ args }) => args.includes('--ignore-scripts'))).toEqual([true, true]);
  });

  it("asks npm with the project's settings, which stay out of the cache", async () => {
    await install();
    expect(npmCalls().map(({ npmrc }) => npmrc)).toEqual(Array(2).fill('registry=https://registry.example/\n'));
    const names = readdirSync(join(machine.cache, 'engine', 'tfjs-node-4.22.0'), { recursive: true }).map(String);
    expect(names.filter((name) => name.includes('npmrc'))).toEqual([]);
  });

  it('fetches once: another project is served from the cache', async () => {
    await install();
    const other = join(machine.root, 'other');
    fakePackage(join(other, 'node_modules', '@tensorflow', 'tfjs'), '4.22.0');
    fakePackage(join(other, 'node_modules', '@tensorflow', 'tfjs-core'), '4.22.0');
    expect(await install(other)).toMatchObject({ engine: 'tensorflow', source: 'cache' });
    expect(npmCalls()).toHaveLength(2);
  });

  it('in a workspace, goes where tfjs is', async () => {
    const member = join(project, 'packages', 'a');
    mkdirSync(member, { recursive: true });
    expect(await install(member)).toMatchObject({ tfjsNode: placed() });
  });

  it('finds tfjs-core where a package manager keeps it apart', async () => {
    const store = join(project, 'node_modules', '.store', 'node_modules', '@tensorflow');
    const scope = join(project, 'node_modules', '@tensorflow');
    for (const name of ['tfjs', 'tfjs-core']) {
      fakePackage(join(store, name), '4.22.0');
      rmSync(join(scope, name), { recursive: true });
    }
    symlinkSync(join(store, 'tfjs'), join(scope, 'tfjs'));
    await install();
    expect(resolved().slice(0, 2)).toEqual([join(store, 'tfjs'), join(store, 'tfjs-core')]);
  });
});

describe('a project that cannot be served', () => {
  async function expectReason(reason: RegExp, from = project) {
    const report = await install(from);
    expect(report.engine).not.toBe('tensorflow');
    expect(report.reasons[0]).toMatch(reason);
    expect(existsSync(placed())).toBe(false);
    const cache = join(machine.cache, 'engine');
    expect(existsSync(cache) ? readdirSync(cache) : []).toEqual([]);
  }

  it('without tfjs', async () => {
    const empty = join(machine.root, 'empty');
    mkdirSync(empty);
    await expectReason(
      /@tensorflow\/tfjs is not installed in .*empty; run `npm install @tensorflow\/tfjs@4\.22\.0`/,
      empty,
    );
  });

  it.each(['3.21.0', '4.9.0', '5.0.0'])('with tfjs %s', async (version) => {
    fakePackage(join(project, 'node_modules', '@tensorflow', 'tfjs'), version);
    await expectReason(new RegExp(`the project has @tensorflow/tfjs ${version}, tfjs-node needs \\^4\\.22\\.0`));
  });

  it('offline, and the next run recovers', async () => {
    machine.program(
      'npm',
      "console.error('npm error code ENOTFOUND\\nnpm error errno ENOTFOUND\\nnpm error network request failed\\nnpm error A complete log of this run: x'); process.exit(1);",
    );
    await expectReason(/fetching @tensorflow\/tfjs-node with npm failed: network request failed/);
    fakeNpm(join(machine.root, 'tfjs-node.tgz'));
    expect(await install()).toMatchObject({ engine: 'tensorflow' });
  });

  it('without npm', async () => {
    machine.env.PATH = join(machine.root, 'nothing');
    await expectReason(/npm not found; it fetches @tensorflow\/tfjs-node/);
  });

  it('with a tarball of another checksum', async () => {
    expected = 'sha512-other';
    await expectReason(/has another checksum than the pinned one; nothing was installed/);
  });

  it('whose node_modules cannot be written', async () => {
    write(join(project, 'node_modules', '@tensorflow', 'tfjs-node'), 'a file in the way');
    const { engine, reasons } = await install();
    expect(engine).not.toBe('tensorflow');
    expect(reasons[0]).toMatch(/cannot write .*tfjs-node \(ENOTDIR\)/);
    expect(readdirSync(join(project, 'node_modules', '@tensorflow')).sort()).toEqual([
      'tfjs',
      'tfjs-core',
      'tfjs-node',
    ]);
  });
});

describe('after a package manager has pruned it', () => {
  beforeEach(async () => {
    await install();
  });

  it('comes back from the cache, linked, without npm', async () => {
    rmSync(placed(), { recursive: true });
    machine.env.PATH = join(machine.root, 'nothing');
    expect(await restore()).toBe(placed());
    expect(realpathSync(join(placed(), 'lib'))).toBe(join(machine.engine, 'lib'));
    expect(resolved()[0]).toBe(join(project, 'node_modules', '@tensorflow', 'tfjs'));
  });

  it('gets its link back where only that is gone', async () => {
    rmSync(join(placed(), 'lib'));
    const before = lstatSync(placed()).ino;
    expect(await restore()).toBe(placed());
    expect(lstatSync(placed()).ino).toBe(before);
    expect(existsSync(join(placed(), 'lib', 'napi-v8', 'tfjs_binding.node'))).toBe(true);
  });

  it('a half copy is replaced, and one that a dead process left is swept', async () => {
    rmSync(placed(), { recursive: true });
    write(join(placed(), 'package.json'), '{}');
    const left = join(project, 'node_modules', '@tensorflow', `.tfjs-node-${2 ** 22 + 1}`);
    write(join(left, 'package.json'), '{}');
    expect(await restore()).toBe(placed());
    expect(resolved()).toHaveLength(3);
    expect(existsSync(left)).toBe(false);
  });

  it('several processes may do it at once', async () => {
    rmSync(placed(), { recursive: true });
    const url = createRequire(expect.getState().testPath!).resolve('./index.mjs');
    const program = `import { restoreTfjsNode } from ${JSON.stringify(url)};
      console.log(await restoreTfjsNode({ env: process.env, from: ${JSON.stringify(project)}, plan: ${JSON.stringify(fakePlan)} }));`;
    const script = write(join(machine.root, 'restore.mjs'), program);
    const { execFile } = await import('node:child_process');
    const outputs = await Promise.all(
      Array.from(
        { length: 3 },
        () =>
          new Promise((resolve) => {
            execFile(process.execPath, [script], { env: machine.env }, (error, out, err) =>
              resolve(error ? err : out.trim()),
            );
          }),
      ),
    );
    expect(outputs).toEqual(Array(3).fill(placed()));
    expect(resolved()).toHaveLength(3);
  });

  it('is left alone where the cache has no sound copy or library', async () => {
    rmSync(placed(), { recursive: true });
    writeFileSync(join(machine.engine, 'lib', 'napi-v8', 'tfjs_binding.node'), '');
    expect(await restore()).toBeUndefined();
    expect(existsSync(placed())).toBe(false);
    expect(await restore(machine.root)).toBeUndefined();
  });
});
