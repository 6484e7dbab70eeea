import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { temporaryFolder } from '../../test/temporary-folder.js';
import { environmentFolder, interpreter, namedPython, pythonEnvironment } from './python-environment.js';

const folder = temporaryFolder();
const never = new AbortController().signal;
let requirements: string;
let said: string[];

beforeEach(() => {
  requirements = join(folder(), 'requirements.txt');
  writeFileSync(requirements, 'made-up==1.0\n');
  said = [];
  mkdirSync(join(folder(), 'bin'));
});

const env = () => ({ PATH: `${join(folder(), 'bin')}:/usr/bin:/bin`, TENSOR_PAPERS_CACHE: join(folder(), 'cache') });
const options = (changes = {}) => ({
  env: env(),
  stop: never,
  kill: never,
  log: (line: string) => void said.push(line),
  ...changes,
});
const calls = () => readFileSync(join(folder(), 'calls'), 'utf8').trim().split('\n');
const environments = () => readdirSync(join(folder(), 'cache', 'peers'));

/** A python3 that makes environments which are copies of itself, notes every call, and does `onPip` for pip. */
function fakePython({ onVenv = '', onPip = '' } = {}): void {
  const file = join(folder(), 'bin', 'python3');
  const script = `#!/bin/sh
echo "$@" >> '${join(folder(), 'calls')}'
case "$1 $2" in
  "-m venv") ${onVenv || `mkdir -p "$3/bin" && cp "$0" "$3/bin/python"`} ;;
  "-m pip") ${onPip || ':'} ;;
esac
`;
  writeFileSync(file, script);
  chmodSync(file, 0o755);
}

describe('pythonEnvironment', () => {
  it('is made once for the same requirements, and anew for others', async () => {
    fakePython();
    const made = await pythonEnvironment({ requirements, note: 'large' }, options());
    expect(made).toBe(interpreter(environmentFolder(requirements, env())));
    expect(existsSync(made!)).toBe(true);
    expect(calls().map((call) => call.split(' ').slice(0, 3).join(' '))).toEqual([
      expect.stringMatching(/^-m venv /),
      '-m pip install',
    ]);
    expect(calls()[1]).toMatch(new RegExp(`-r ${requirements}$`));
    expect(said).toEqual([expect.stringMatching(/making the Python environment/), 'large']);

    expect(await pythonEnvironment({ requirements }, options())).toBe(made);
    expect(calls()).toHaveLength(2);

    writeFileSync(requirements, 'made-up==2.0\n');
    expect(await pythonEnvironment({ requirements }, options())).not.toBe(made);
    expect(environments()).toHaveLength(2);
  });

  it('is made again where its Python is gone, and sweeps what a killed process left', async () => {
    fakePython();
    const made = (await pythonEnvironment({ requirements }, options()))!;
    rmSync(made);
    const left = `${environmentFolder(requirements, env())}.tmp-${hostname()}-999999999`;
    mkdirSync(left);
    expect(await pythonEnvironment({ requirements }, options())).toBe(made);
    expect(existsSync(left)).toBe(false);
    expect(environments()).toHaveLength(1);
  });

  it.each([
    [
      { onPip: 'echo "ERROR: No matching distribution" >&2; exit 1' },
      /pip could not install .*No matching distribution.*--python/,
    ],
    [
      { onVenv: 'echo "ensurepip is not available" >&2; exit 1' },
      /need Python 3 with its venv module.*ensurepip is not/,
    ],
  ])('says what failed, and leaves nothing half made (%#)', async (fake, message) => {
    fakePython(fake);
    await expect(pythonEnvironment({ requirements }, options())).rejects.toMatchObject({
      code: 'papers/no-python',
      message: expect.stringMatching(message),
    });
    expect(environments()).toEqual([]);
  });

  it('says that there is no Python', async () => {
    const bare = { ...env(), PATH: join(folder(), 'bin') };
    await expect(pythonEnvironment({ requirements }, options({ env: bare }))).rejects.toThrow(
      /the peers need Python 3 .*cannot be started \(ENOENT\); install it, or name a Python/,
    );
  });

  it('leaves nothing half made when it is stopped', async () => {
    fakePython({ onPip: 'exec sleep 30' });
    const stop = new AbortController();
    const made = pythonEnvironment({ requirements }, options({ stop: stop.signal }));
    while (!existsSync(join(folder(), 'calls')) || calls().length < 2)
      await new Promise((wake) => setTimeout(wake, 10));
    stop.abort();
    expect(await made).toBeUndefined();
    expect(environments()).toEqual([]);
  });

  it('names a cache that cannot be written', async () => {
    fakePython();
    writeFileSync(join(folder(), 'cache'), 'a file');
    await expect(pythonEnvironment({ requirements }, options())).rejects.toMatchObject({
      code: 'papers/unwritable-output',
      message: expect.stringMatching(/set TENSOR_PAPERS_CACHE/),
    });
  });
});

describe('namedPython', () => {
  it('is taken as it is, if it can be started', async () => {
    fakePython();
    expect(await namedPython('python3', options())).toBe('python3');
    await expect(namedPython(join(folder(), 'none'), options())).rejects.toThrow(/--python .*none: .*ENOENT/);
  });
});
