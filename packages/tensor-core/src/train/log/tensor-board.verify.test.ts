import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loggedRun } from '../../../test/logged-run.js';
import { tensorBoard } from './tensor-board.js';

const script = join(__dirname, '..', '..', '..', 'scripts', 'tensorboard_reference.py');
const onWindows = process.platform === 'win32';

let folder: string;
let python: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tensor-board-'));
  const environment = join(folder, 'python');
  python = join(environment, ...(onWindows ? ['Scripts', 'python.exe'] : ['bin', 'python']));
  execFileSync(onWindows ? 'python' : 'python3', ['-m', 'venv', environment]);
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
  execFileSync(python, [...pip, 'tensorboard==2.21.0', 'pillow'], { stdio: ['ignore', 'ignore', 'pipe'] });
}, 600_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Found {
  readonly plugin: string;
  readonly events: readonly [step: number, value: unknown][];
}

/** What TensorBoard itself reads. */
function read(name: string): Record<string, Found> {
  const output = execFileSync(python, [script, join(folder, name)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return JSON.parse(output.trim().split('\n').at(-1)!) as Record<string, Found>;
}

const step = (number: number, loss: number) =>
  ({ step: number, epoch: 0, stepOfEpoch: number, stepsPerEpoch: 10, examples: 4, loss, learningRate: 0.5 }) as const;
const plan = { epochs: 1, stepsPerEpoch: 10, parameters: 111 };

describe('TensorBoard', () => {
  it('reads a run', async () => {
    const board = tensorBoard(join(folder, 'run'), { run: { paper: 'ban' } });
    await loggedRun([board]);
    const found = read('run');
    expect(found['step/loss']!.plugin).toBe('scalars');
    expect(found['step/loss']!.events.map(([at]) => at)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(found['step/learningRate']!.events).toEqual([0, 1, 2, 3, 4, 5].map((at) => [at, Math.fround(0.1)]));
    for (const name of ['loss', 'tensors', 'peakRssBytes', 'examplesPerSecond']) {
      expect(found[`epoch/${name}`]!.events.map(([at]) => at)).toEqual([2, 5]);
    }
    expect(found.run).toMatchObject({ plugin: 'text', events: [[0, expect.stringContaining('"paper": "ban"')]] });
  });

  it('reads histograms, pictures and texts', () => {
    const board = tensorBoard(join(folder, 'kinds'));
    const values = Float32Array.from({ length: 1000 }, (_, i) => Math.sin(i));
    board.histogram('weights', values, 7);
    board.histogram('constant', [2, 2, 2], 7);
    board.image('grey', Uint8Array.of(0, 50, 100, 150, 200, 250), [2, 3, 1], 3);
    board.image('colour', Float32Array.of(1, 0, 0, 0, 1, 0.2), [1, 2, 3], 3);
    board.image('alpha', Uint8Array.of(1, 2, 3, 4), [1, 1, 4], 3);
    board.text('note', '# größer\n😀', 2 ** 33);
    const found = read('kinds');
    const { plugin, events } = found.weights!;
    expect([plugin, events.length, events[0]![0]]).toEqual(['histograms', 1, 7]);
    const buckets = events[0]![1] as [left: number, right: number, count: number][];
    expect(buckets).toHaveLength(30);
    for (const [left, right, count] of buckets) {
      const inside = values.filter((value) => value >= left && value < right).length;
      // A value on an edge may fall on either side of it.
      expect(Math.abs(count - inside)).toBeLessThanOrEqual(1);
    }
    expect(buckets.reduce((sum, [, , count]) => sum + count, 0)).toBe(1000);
    expect(found.constant!.events[0]![1]).toEqual([[2, 2, 3]]);
    expect(found.grey).toEqual({
      plugin: 'images',
      events: [[3, { size: [2, 3], modes: ['L'], pixels: [[0, 50, 100, 150, 200, 250]] }]],
    });
    expect(found.colour!.events[0]![1]).toEqual({ size: [1, 2], modes: ['RGB'], pixels: [[255, 0, 0, 0, 255, 51]] });
    expect(found.alpha!.events[0]![1]).toEqual({ size: [1, 1], modes: ['RGBA'], pixels: [[1, 2, 3, 4]] });
    expect(found.note).toEqual({ plugin: 'text', events: [[2 ** 33, '# größer\n😀']] });
  });

  it('forgets what a killed run wrote after the step at which the next one goes on', () => {
    const name = 'resumed';
    const first = tensorBoard(join(folder, name));
    first.start!(plan);
    for (let i = 0; i < 8; i++) first.step!(step(i, 1));
    // Half a record, as a kill leaves it.
    appendFileSync(first.path, Buffer.from([40, 0, 0, 0, 0, 0]));
    const second = tensorBoard(join(folder, name));
    const resumed = { ...plan, resumedAt: { steps: 5, epoch: 0 } };
    second.start!(resumed);
    for (let i = 5; i < 10; i++) second.step!(step(i, 2));
    const found = read(name);
    expect(found['step/loss']!.events).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((at) => [at, at < 5 ? 1 : 2]));
  });

  it('forgets all of a run in whose folder another one starts', () => {
    const name = 'anew';
    for (const [loss, steps] of [
      [1, 9],
      [2, 3],
    ] as const) {
      const board = tensorBoard(join(folder, name));
      board.start!(plan);
      for (let i = 0; i < steps; i++) board.step!(step(i, loss));
    }
    expect(read(name)['step/loss']!.events).toEqual([0, 1, 2].map((at) => [at, 2]));
  });
});
