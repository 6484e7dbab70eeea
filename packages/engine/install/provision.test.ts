import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type FakeMachine, fakeMachine, fakePlan, fakePython, fakeSteps, realSteps, write } from './fake-machine.js';
import { engineCache, findDamage, installPlan, listedPlan, provision, tensorflowVersion } from './index.mjs';

let machine: FakeMachine;
beforeEach(() => {
  machine = fakeMachine();
});
afterEach(() => machine.remove());

const addon = () => join(machine.tfjsNode, 'lib', 'napi-v8', 'tfjs_binding.node');
const offlineSteps = {
  ...realSteps,
  compileAddon: fakeSteps.compileAddon,
};
const goodPython = fakePython({
  download: "fs.writeFileSync(path.join(folder, 'fake.whl'), 'wheel');",
  unpack:
    "fs.mkdirSync(path.join(target, 'deps/lib'), { recursive: true }); fs.writeFileSync(path.join(target, 'deps/lib/libfake.so'), 'from the wheel');",
});
const offlinePython = fakePython({
  download: "console.error('ERROR: No matching distribution found for fake-tensorflow==2.18.1'); process.exit(1);",
});

/** Nothing half-done is left: no temporary folder, no lock, no link that leads nowhere. */
function expectTidy() {
  const cache = join(machine.cache, 'engine');
  const names = existsSync(cache) ? readdirSync(cache) : [];
  expect(names.filter((name) => name !== fakePlan.key)).toEqual([]);
  expect(readdirSync(machine.tfjsNode).filter((name) => name.includes('tmp'))).toEqual([]);
}

async function expectFallback(reason: RegExp, more = {}) {
  const report = await provision(machine.options(more));
  expect(report).toMatchObject({ engine: 'wasm', source: 'none' });
  expect(report.reasons[0]).toMatch(reason);
  expect(report.reasons[0]).toMatch(/^engine: native TensorFlow is not available \(/);
  expect(report.reasons[0]).not.toContain('\n');
  expectTidy();
}

async function expectRecovery(more = {}) {
  expect(await provision(machine.options(more))).toMatchObject({ engine: 'tensorflow', source: 'wheel', reasons: [] });
  expect(existsSync(addon())).toBe(true);
  expectTidy();
  expect(await provision(machine.options(more))).toMatchObject({ engine: 'tensorflow', source: 'linked' });
}

describe('a machine that has everything', () => {
  it('installs into the cache and links tfjs-node to it; later runs find the link', async () => {
    machine.program('python3', goodPython);
    await expectRecovery({ build: offlineSteps });
    expect(readlinkSync(join(machine.tfjsNode, 'lib'))).toBe(join(machine.engine, 'lib'));
    expect(readFileSync(join(machine.engine, 'deps/lib/libfake.so'), 'utf8')).toBe('from the wheel');
    expect(readdirSync(machine.engine).sort()).toEqual(['complete.json', 'deps', 'lib']);
  });

  it('takes another tfjs-node from the cache without fetching anything', async () => {
    await provision(machine.options());
    rmSync(join(machine.tfjsNode, 'lib'));
    const build = { ...fakeSteps, unpackWheel: () => Promise.reject(new Error('fetched again')) };
    expect(await provision(machine.options({ build }))).toMatchObject({ source: 'cache', folder: machine.engine });
    expect(existsSync(addon())).toBe(true);
  });

  it('takes uv where there is no Python', async () => {
    machine.program('uv', goodPython);
    await expectRecovery({ build: offlineSteps });
  });

  it('passes the pinned checksum to pip', async () => {
    machine.program(
      'python3',
      fakePython({
        download: `fs.copyFileSync(args[args.indexOf('-r') + 1], '${machine.root}/requirements'); fs.writeFileSync('${machine.root}/args', args.join(' ')); process.exit(1);`,
      }),
    );
    await provision(machine.options({ build: offlineSteps }));
    expect(readFileSync(join(machine.root, 'requirements'), 'utf8')).toBe(
      `fake-tensorflow==2.18.1 --hash=sha256:${fakePlan.sha256}\n`,
    );
    expect(readFileSync(join(machine.root, 'args'), 'utf8')).toContain('--require-hashes');
  });
});

describe('what a machine may lack', () => {
  it('no Python, no uv', () => expectFallback(/no python3 with pip found, and no uv/, { build: offlineSteps }));

  it('Python without pip, and the next run recovers', async () => {
    machine.program('python3', "console.error('No module named pip'); process.exit(1);");
    await expectFallback(/no python3 with pip found/, { build: offlineSteps });
    machine.program('python3', goodPython);
    await expectRecovery({ build: offlineSteps });
  });

  it('no compiler, and the next run recovers', async () => {
    const build = { ...realSteps, unpackWheel: fakeSteps.unpackWheel };
    await expectFallback(/no C\+\+ compiler \(g\+\+ or clang\+\+\) found/, { build });
    expect(existsSync(machine.engine)).toBe(false);
    await expectRecovery();
  });

  it('a compiler that fails', async () => {
    machine.program(
      'g++',
      "if (!args.includes('--version')) { console.error('tfjs_binding.cc:1: error: no header'); process.exit(1); }",
    );
    const build = { ...realSteps, unpackWheel: fakeSteps.unpackWheel };
    await expectFallback(/compiling the addon with g\+\+ failed: tfjs_binding\.cc:1: error: no header/, { build });
  });

  it('an addon that does not load is not kept', async () => {
    machine.program(
      'g++',
      "const out = args.indexOf('-o'); if (out >= 0) fs.writeFileSync(args[out + 1], 'no shared library');",
    );
    const build = { ...realSteps, unpackWheel: fakeSteps.unpackWheel };
    await expectFallback(/the compiled addon does not load/, { build });
    expect(existsSync(machine.engine)).toBe(false);
  });

  it('offline: pip fails, and the next run recovers', async () => {
    machine.program('python3', offlinePython);
    await expectFallback(/pip download failed: ERROR: No matching distribution.*own download failed: .*ENOTFOUND/, {
      build: offlineSteps,
    });
    machine.program('python3', goodPython);
    await expectRecovery({ build: offlineSteps });
  });

  it('a wheel with another checksum', async () => {
    machine.program(
      'python3',
      fakePython({
        download:
          "console.error('ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.\\n  Got  abc'); process.exit(1);",
      }),
    );
    await expectFallback(/another checksum than the pinned one; nothing was installed/, { build: offlineSteps });
    expect(existsSync(machine.engine)).toBe(false);
  });

  it('a wheel without the library', async () => {
    machine.program(
      'python3',
      fakePython({
        download: "fs.writeFileSync(path.join(folder, 'fake.whl'), 'wheel');",
        unpack: "console.error('the wheel does not hold libfake.so'); process.exit(1);",
      }),
    );
    await expectFallback(/unpacking the wheel failed: the wheel does not hold libfake\.so/, { build: offlineSteps });
  });

  it('no wheel for the platform', () => expectFallback(/there is no wheel of TensorFlow for/, { plan: null }));

  it('no tfjs-node', () => expectFallback(/@tensorflow\/tfjs-node is not installed/, { tfjsNode: null }));

  it('says what is used instead, what it costs and what to do', async () => {
    const { reasons } = await provision(machine.options({ plan: null }));
    expect(reasons).toHaveLength(3);
    expect(reasons[1]).toBe(
      'engine: using wasm (one thread): everything runs, a training step costs about ten times as much.',
    );
    expect(reasons[2]).toMatch(/install python3 with pip and a C\+\+ compiler/);
  });

  it("takes tfjs-node's own download where there is no wheel", async () => {
    const installOfficial = async (tfjsNode: string) => {
      write(join(tfjsNode, 'lib', 'napi-v8', 'tfjs_binding.node'), 'official addon');
    };
    expect(await provision(machine.options({ plan: null, build: { ...fakeSteps, installOfficial } }))).toMatchObject({
      engine: 'tensorflow',
      source: 'official',
      reasons: [],
    });
  });

  it("tfjs-node's own download fails: what it left is removed, and the cache behind the old link is untouched", async () => {
    await provision(machine.options());
    write(
      join(machine.tfjsNode, 'scripts', 'install.js'),
      `const fs = require('node:fs');
       for (const folder of ['deps', 'lib']) { fs.mkdirSync(folder, { recursive: true }); fs.writeFileSync(folder + '/half', ''); }
       console.error('connect ETIMEDOUT'); process.exit(1);`,
    );
    // The link leads to a library that lost a file.
    rmSync(join(machine.engine, 'deps/lib/libfake.so'));
    const before = readdirSync(join(machine.engine, 'lib'));
    const { reasons } = await provision(
      machine.options({
        plan: null,
        build: { ...realSteps, installOfficial: (await import('./index.mjs')).installSteps.installOfficial },
      }),
    );
    expect(reasons[0]).toMatch(/own download failed: connect ETIMEDOUT/);
    expect(readdirSync(machine.tfjsNode).sort()).toEqual(['binding', 'package.json', 'scripts']);
    expect(readdirSync(join(machine.engine, 'lib'))).toEqual(before);
  });
});

describe('a named engine', () => {
  it('is taken without any installation', async () => {
    machine.env.TENSOR_PAPERS_ENGINE = 'wasm';
    expect(await provision(machine.options())).toEqual({ engine: 'wasm', source: 'forced', reasons: [] });
    expect(existsSync(machine.cache)).toBe(false);
  });

  it('tensorflow where it cannot be had: one clear error instead of a fallback', async () => {
    machine.env.TENSOR_PAPERS_ENGINE = 'tensorflow';
    await expect(provision(machine.options({ build: offlineSteps }))).rejects.toMatchObject({
      code: 'engine/not-available',
      exitCode: 1,
      message: expect.stringMatching(/^engine: native TensorFlow is not available \(no python3 with pip found/),
    });
    expectTidy();
  });

  it('unknown: the nearest name, the list, exit code 2', async () => {
    machine.env.TENSOR_PAPERS_ENGINE = 'tensorflo';
    await expect(provision(machine.options())).rejects.toMatchObject({
      code: 'engine/unknown-name',
      exitCode: 2,
      message:
        "engine: unknown engine 'tensorflo' (did you mean 'tensorflow'?); expected one of auto, tensorflow, wasm, webgpu, webgl, cpu",
    });
  });
});

describe('a damaged installation', () => {
  beforeEach(async () => {
    await provision(machine.options());
  });
  const library = () => join(machine.engine, 'deps/lib/libfake.so');

  it('a link that leads nowhere', async () => {
    rmSync(join(machine.tfjsNode, 'lib'));
    symlinkSync(join(machine.root, 'nowhere'), join(machine.tfjsNode, 'lib'));
    expect(await provision(machine.options())).toMatchObject({ source: 'cache' });
    expect(existsSync(addon())).toBe(true);
  });

  it('a cache that was deleted', async () => {
    rmSync(machine.cache, { recursive: true });
    await expectRecovery();
  });

  it('a file of another size', async () => {
    writeFileSync(library(), 'short');
    expect(await findDamage(machine.engine)).toBe('deps/lib/libfake.so has 5 bytes instead of 18');
    await expectRecovery();
    expect(machine.lines.join('\n')).toMatch(/is damaged \(deps\/lib\/libfake\.so has 5 bytes/);
    expect(readFileSync(library(), 'utf8')).toBe('library libfake.so');
  });

  it('a file that is missing', async () => {
    rmSync(library());
    await expectRecovery();
  });

  it('a folder that was never completed', async () => {
    rmSync(join(machine.engine, 'complete.json'));
    expect(await findDamage(machine.engine)).toBe('it was never completed');
    await expectRecovery();
  });

  it('other bytes of the same size: the deep check finds them, a reinstallation repairs them', async () => {
    writeFileSync(library(), 'LIBRARY libfake.so');
    expect(await findDamage(machine.engine)).toBeUndefined();
    expect(await findDamage(machine.engine, { deep: true })).toMatch(/libfake\.so has another checksum/);
    expect(await provision(machine.options({ reinstall: true }))).toMatchObject({ source: 'wheel', reasons: [] });
    expect(machine.lines.join('\n')).toMatch(/libfake\.so has another checksum/);
    expect(readFileSync(library(), 'utf8')).toBe('library libfake.so');
  });

  it('a reinstallation that fails keeps a sound engine and says so', async () => {
    machine.program('python3', offlinePython);
    const report = await provision(machine.options({ reinstall: true, build: offlineSteps }));
    expect(report).toMatchObject({ engine: 'tensorflow', source: 'cache' });
    expect(report.reasons).toEqual([
      expect.stringMatching(/^engine: reinstalling failed \(pip download failed.*stays/),
    ]);
    expect(await findDamage(machine.engine, { deep: true })).toBeUndefined();
    expectTidy();
  });

  it('a reinstallation that fails does not keep a damaged engine', async () => {
    writeFileSync(library(), 'LIBRARY libfake.so');
    machine.program('python3', offlinePython);
    await expectFallback(/pip download failed/, { reinstall: true, build: offlineSteps });
    expect(existsSync(machine.engine)).toBe(false);
    await expectRecovery();
  });
});

describe('places that cannot be written', () => {
  it('the cache', async () => {
    write(machine.cache, 'a file where the cache should be');
    const report = await provision(machine.options());
    expect(report.engine).toBe('wasm');
    expect(report.reasons[0]).toMatch(/cannot write the cache .*\((?:ENOTDIR|EEXIST)\); set TENSOR_PAPERS_CACHE/);
    expect(readFileSync(machine.cache, 'utf8')).toBe('a file where the cache should be');
  });

  it('the cache while it is filled', async () => {
    const unpackWheel = () =>
      Promise.reject(Object.assign(new Error('disk full'), { code: 'ENOSPC', syscall: 'write' }));
    await expectFallback(/cannot write the cache .*\(ENOSPC\)/, { build: { ...fakeSteps, unpackWheel } });
    await expectRecovery();
  });

  it('tfjs-node', async () => {
    const tfjsNode = write(join(machine.root, 'file'), '');
    const report = await provision(machine.options({ tfjsNode }));
    expect(report.engine).toBe('wasm');
    expect(report.reasons[0]).toMatch(/cannot write .*\(ENOTDIR\); it has to point to/);
  });
});

describe('locks that nobody holds', () => {
  const lock = () => `${machine.engine}.lock`;
  const gone = 2 ** 22 + 1;

  it.each([
    ['of a process that is gone', { pid: gone, host: hostname(), token: 'a' }, 0],
    ['of an id that another process has by now', { pid: process.pid, host: hostname(), token: 'a' }, 120],
    ['of another machine that has been silent', { pid: 1, host: 'elsewhere', token: 'a' }, 120],
    ['of a process that died before it wrote its name', undefined, 10],
  ])('%s', async (_name, holder, secondsAgo) => {
    mkdirSync(lock(), { recursive: true });
    if (holder) write(join(lock(), 'holder.json'), JSON.stringify(holder));
    const then = new Date(Date.now() - secondsAgo * 1000);
    utimesSync(lock(), then, then);
    await expectRecovery();
    expect(machine.lines.join('\n')).not.toMatch(/another installation/);
  });

  it('temporary folders of processes that are gone are removed, finished engines stay', async () => {
    write(join(`${machine.engine}.tmp-${gone}`, 'half'), '');
    write(join(`${machine.engine}.tmp-${process.ppid}`, 'the id is in use again'), '');
    write(join(machine.cache, 'engine', `older.tmp-${gone}`, 'half'), '');
    write(join(machine.cache, 'engine', 'older', 'complete.json'), '{}');
    await provision(machine.options());
    expect(readdirSync(join(machine.cache, 'engine')).sort()).toEqual(['older', fakePlan.key]);
  });
});

describe('the plan and the cache', () => {
  it.each([
    ['linux', 'x64'],
    ['linux', 'arm64'],
    ['darwin', 'arm64'],
  ])('%s %s: a wheel of the one version, with its checksum', (platform, arch) => {
    const plan = installPlan(platform, arch)!;
    expect(plan.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(plan.version).toBe(tensorflowVersion);
    expect(
      plan.wheel.startsWith(`${plan.distribution.replace('-', '_')}-${plan.version}-cp311-cp311-${plan.tag}`),
    ).toBe(true);
    expect(plan.key).toContain(`${platform}-${arch}`);
  });

  it('has no wheel that serves for Windows and Intel Macs, and says why it does not serve', () => {
    expect(installPlan('win32', 'x64')).toBeUndefined();
    expect(listedPlan('win32', 'x64')).toMatchObject({ unusable: expect.stringContaining('MSVC') });
    expect(listedPlan('darwin', 'x64')).toBeUndefined();
  });

  it('has another library, with CUDA beside it, where the environment asks for it', () => {
    const env = { TENSOR_PAPERS_CUDA: '1' };
    const plan = installPlan('linux', 'x64', env)!;
    expect(plan).toMatchObject({ distribution: 'tensorflow', version: tensorflowVersion });
    expect(plan.key).not.toBe(installPlan('linux', 'x64', {})!.key);
    expect(plan.companions).toHaveLength(12);
    for (const line of plan.companions!)
      expect(line).toMatch(/^nvidia-[a-z-]+-cu12==[\d.]+ --hash=sha256:[0-9a-f]{64}$/);
    expect(installPlan('linux', 'arm64', env)).toBeUndefined();
  });

  it('installs it beside the one that is linked, companions and all', async () => {
    await provision(machine.options());
    const seen: string[] = [];
    const plan = { ...fakePlan, key: `${fakePlan.key}-cuda`, companions: ['nvidia-made-up==1.0'] };
    const { build } = machine.options();
    const options = {
      ...machine.options(),
      plan,
      build: {
        ...build!,
        installCompanions: async ({ companions }: { companions?: string[] }) => {
          seen.push(...companions!);
          return [];
        },
      },
    };
    expect(await provision(options)).toMatchObject({ engine: 'tensorflow', source: 'wheel' });
    expect(seen).toEqual(plan.companions);
    expect(await provision(options)).toMatchObject({ engine: 'tensorflow', source: 'linked' });
  });

  it.each<[NodeJS.Platform, NodeJS.ProcessEnv, string[]]>([
    ['linux', { TENSOR_PAPERS_CACHE: '/c', XDG_CACHE_HOME: '/x', HOME: '/h' }, ['/c', 'engine']],
    ['linux', { XDG_CACHE_HOME: '/x', HOME: '/h' }, ['/x', 'tensor-papers', 'engine']],
    ['linux', { HOME: '/h' }, ['/h', '.cache', 'tensor-papers', 'engine']],
    ['darwin', { HOME: '/h' }, ['/h', 'Library', 'Caches', 'tensor-papers', 'engine']],
    ['win32', { LOCALAPPDATA: '/l', HOME: '/h' }, ['/l', 'tensor-papers', 'engine']],
  ])('%s %j', (platform, env, parts) => {
    expect(engineCache(env, platform)).toBe(join(...parts));
  });
});
