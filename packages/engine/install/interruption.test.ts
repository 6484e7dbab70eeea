import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type FakeMachine,
  fakeMachine,
  fakePlan,
  fakePython,
  fakeSteps,
  hang,
  realSteps,
  write,
} from './fake-machine.js';
import { findDamage, provision } from './index.mjs';

let machine: FakeMachine;
const children: ChildProcess[] = [];
beforeEach(() => {
  machine = fakeMachine();
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  machine.remove();
});

const installer = pathToFileURL(join(dirname(expect.getState().testPath!), 'index.mjs')).href;

/** A process that provides the engine of the fake machine; `steps` is the source of its steps. */
function start(steps: string, env: NodeJS.ProcessEnv = {}) {
  const script = write(
    join(machine.root, 'provide.mjs'),
    `import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
     import { setTimeout as sleep } from 'node:timers/promises';
     import { installSteps, provision } from '${installer}';
     const put = (path, text) => { mkdirSync(path.replace(/[^/]*$/, ''), { recursive: true }); writeFileSync(path, text); };
     const report = await provision({
       tfjsNode: '${machine.tfjsNode}', plan: ${JSON.stringify(fakePlan)}, log: (line) => console.error(line), build: {
         ...installSteps,
         async unpackWheel(plan, folder) { put(folder + '/deps/lib/libfake.so', 'library libfake.so'); return ['deps/lib/libfake.so']; },
         async compileAddon(plan, folder) { put(folder + '/lib/napi-v8/tfjs_binding.node', 'addon'); return ['lib/napi-v8/tfjs_binding.node']; },
         async installOfficial() { throw new Error('must not be tried'); },
         ${steps}
       },
     });
     console.log(JSON.stringify(report));`,
  );
  const child = spawn(process.execPath, [script], {
    env: { ...machine.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  const printed = { out: '', err: '' };
  child.stdout.on('data', (chunk) => {
    printed.out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    printed.err += chunk;
  });
  const ended = new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, ...printed }));
  });
  return { child, ended };
}

async function until(condition: () => boolean) {
  for (let i = 0; i < 500; i++) {
    if (condition()) return;
    await sleep(10);
  }
  throw new Error('waited in vain');
}

const cacheNames = () => readdirSync(join(machine.cache, 'engine'));

describe('killed half-way', () => {
  async function killAndRecover(steps: string, half: () => boolean) {
    const { child, ended } = start(steps);
    await until(half);
    child.kill('SIGKILL');
    await ended;
    expect(cacheNames().sort()).toEqual([`${fakePlan.key}.lock`, `${fakePlan.key}.tmp-${child.pid}`]);
    expect(existsSync(machine.engine)).toBe(false);

    expect(await provision(machine.options())).toMatchObject({ engine: 'tensorflow', source: 'wheel' });
    expect(cacheNames()).toEqual([fakePlan.key]);
    expect(await findDamage(machine.engine, { deep: true })).toBeUndefined();
    expect(machine.lines.join('\n')).not.toMatch(/another installation/);
  }
  const exists =
    (...path: string[]) =>
    () => {
      const temporary =
        existsSync(join(machine.cache, 'engine')) && cacheNames().find((name) => name.includes('.tmp-'));
      return Boolean(temporary) && existsSync(join(machine.cache, 'engine', temporary as string, ...path));
    };

  it('in the download', async () => {
    machine.program(
      'python3',
      fakePython({ download: `fs.writeFileSync(path.join(folder, 'fake.whl.part'), 'half a wh'); ${hang}` }),
    );
    await killAndRecover('unpackWheel: installSteps.unpackWheel,', exists('download', 'fake.whl.part'));
  });

  it('while the library is unpacked', async () => {
    machine.program(
      'python3',
      fakePython({
        download: "fs.writeFileSync(path.join(folder, 'fake.whl'), 'wheel');",
        unpack: `fs.mkdirSync(path.join(target, 'deps/lib'), { recursive: true }); fs.writeFileSync(path.join(target, 'deps/lib/libfake.so'), 'libr'); ${hang}`,
      }),
    );
    await killAndRecover('unpackWheel: installSteps.unpackWheel,', exists('deps', 'lib', 'libfake.so'));
  });

  it('before the addon is compiled', () =>
    killAndRecover('compileAddon: () => sleep(60_000),', exists('deps', 'lib', 'libfake.so')));

  it('with rubbish left by a process of the same id', async () => {
    write(`${machine.engine}.tmp-${process.pid}/download/other.whl`, 'rubbish');
    await provision(machine.options());
    expect(readdirSync(machine.engine).sort()).toEqual(['complete.json', 'deps', 'lib']);
  });
});

describe('two at once', () => {
  const counted = `
    async compileAddon(plan, folder) {
      appendFileSync('BUILDS', 'built\\n');
      // Long enough for the second to start on a busy machine.
      await sleep(3000);
      put(folder + '/lib/napi-v8/tfjs_binding.node', 'addon');
      return ['lib/napi-v8/tfjs_binding.node'];
    },`;

  it('one builds, the other waits for it, both end well', async () => {
    const builds = join(machine.root, 'builds');
    const steps = counted.replace('BUILDS', builds);
    const first = start(steps);
    await until(() => existsSync(builds));
    const second = start(steps);
    const ends = await Promise.all([first.ended, second.ended]);
    expect(ends.map(({ code }) => code)).toEqual([0, 0]);
    for (const { out } of ends) expect(JSON.parse(out)).toMatchObject({ engine: 'tensorflow', folder: machine.engine });
    expect(readFileSync(builds, 'utf8')).toBe('built\n');
    expect(ends[1].err).toContain(`another installation is running (process ${first.child.pid}); waiting for it`);
    expect(ends[0].err).not.toContain('waiting');
    expect(cacheNames()).toEqual([fakePlan.key]);
  });

  it('the second takes over when the first is killed', async () => {
    const first = start('compileAddon: () => sleep(60_000),');
    await until(() => existsSync(`${machine.engine}.tmp-${first.child.pid}/deps`));
    const second = provision(machine.options());
    await until(() => machine.lines.some((line) => line.includes('waiting for it')));
    first.child.kill('SIGKILL');
    expect(await second).toMatchObject({ engine: 'tensorflow', source: 'wheel' });
    expect(cacheNames()).toEqual([fakePlan.key]);
  });

  it('the second installs itself when the first fails', async () => {
    const unpackWheel = async () => {
      await sleep(200);
      throw Object.assign(new Error('disk full'), { code: 'ENOSPC', syscall: 'write' });
    };
    const [first, second] = await Promise.all([
      provision(machine.options({ build: { ...fakeSteps, unpackWheel } })),
      sleep(50).then(() => provision(machine.options())),
    ]);
    expect(first).toMatchObject({ engine: 'wasm' });
    expect(second).toMatchObject({ engine: 'tensorflow', source: 'wheel' });
  });

  it('many that find the same abandoned lock still build one after the other', async () => {
    write(`${machine.engine}.lock/holder.json`, JSON.stringify({ pid: 2 ** 22 + 1, host: 'x', token: 'gone' }));
    const { utimesSync } = await import('node:fs');
    utimesSync(`${machine.engine}.lock`, new Date(0), new Date(0));
    let building = 0;
    let most = 0;
    const compileAddon: typeof fakeSteps.compileAddon = async (...args) => {
      most = Math.max(most, ++building);
      await sleep(50);
      building--;
      return fakeSteps.compileAddon(...args);
    };
    const reports = await Promise.all(
      Array.from({ length: 4 }, () =>
        provision(machine.options({ build: { ...realSteps, ...fakeSteps, compileAddon } })),
      ),
    );
    expect(reports.map(({ engine }) => engine)).toEqual(Array(4).fill('tensorflow'));
    expect(most).toBe(1);
  });
});
