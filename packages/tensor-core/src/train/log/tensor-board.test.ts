import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { loggedRun } from '../../../test/logged-run.js';
import { fieldOf, type ReadEvent, readEvents, readFields } from '../../../test/read-events.js';
import { TrainOptionError } from '../errors.js';
import { jsonLines } from './json-lines.js';
import { LogFileError } from './log-file.js';
import { type TensorBoardSink, tensorBoard } from './tensor-board.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tensor-board-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const read = ({ path }: TensorBoardSink) => readEvents(readFileSync(path));
const doubles = (bytes: Buffer) => Array.from({ length: bytes.length / 8 }, (_, i) => bytes.readDoubleLE(8 * i));

/** [step, value] of each scalar by its tag. */
function scalars(events: readonly ReadEvent[]): Record<string, [number, number][]> {
  const found: Record<string, [number, number][]> = {};
  for (const { step, values } of events) {
    for (const { tag, fields } of values) {
      const value = fieldOf(fields, 2);
      if (typeof value !== 'number') continue;
      found[tag] ??= [];
      found[tag].push([step, value]);
    }
  }
  return found;
}

function textOf(events: readonly ReadEvent[], wanted: string): string {
  const value = events.flatMap(({ values }) => values).find(({ tag }) => tag === wanted)!;
  const metadata = readFields(fieldOf(value.fields, 9) as Buffer);
  expect(String(fieldOf(readFields(fieldOf(metadata, 1) as Buffer), 1))).toBe('text');
  return String(fieldOf(readFields(fieldOf(value.fields, 8) as Buffer), 8));
}

const plan = { epochs: 2, stepsPerEpoch: 3, parameters: 111 };

describe('tensorBoard', () => {
  it('writes a run, step by step and epoch by epoch, like the other sinks', async () => {
    const before = Date.now() / 1000;
    const board = tensorBoard(join(folder, 'runs', 'one'), { run: { paper: 'ban', seed: 7 } });
    const lines = join(folder, 'log.jsonl');
    await loggedRun([board, jsonLines(lines, { everySteps: 1 })]);
    const events = read(board);
    expect(events[0]!.version).toBe('brain.Event:2');
    expect(events[1]).toMatchObject({ step: 0, sessionStatus: 1 });
    for (const { wallTime } of events) {
      expect(wallTime).toBeGreaterThanOrEqual(Math.floor(before));
      expect(wallTime).toBeLessThanOrEqual(Date.now() / 1000);
    }
    const written = scalars(events);
    const records = readFileSync(lines, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const steps = records.filter(({ event }) => event === 'step');
    expect(written['step/loss']).toEqual(steps.map(({ step, loss }) => [step, Math.fround(loss)]));
    expect(written['step/learningRate']!.map(([step]) => step)).toEqual([0, 1, 2, 3, 4, 5]);
    const epochs = records.filter(({ event }) => event === 'epoch');
    for (const name of ['loss', 'examplesPerSecond', 'tensors', 'seconds', 'learningRate']) {
      expect(written[`epoch/${name}`]).toEqual([2, 5].map((step, i) => [step, Math.fround(epochs[i][name])]));
    }
    for (const name of ['rssBytes', 'peakRssBytes']) expect(written[`epoch/${name}`]![1]![1]).toBeGreaterThan(1e7);
    for (const name of ['step/step', 'step/epoch', 'epoch/epoch', 'epoch/steps', 'step/examples']) {
      expect(written).not.toHaveProperty([name]);
    }
    const run = textOf(events, 'run').replace(/^```json\n|\n```$/g, '');
    expect(JSON.parse(run)).toEqual({ paper: 'ban', seed: 7, ...plan });
    expect(textOf(events, 'run/end')).toContain('"steps": 6');
  });

  it('writes every n-th step on request, terms of the loss by name, and what ended the run', async () => {
    const board = tensorBoard(folder, { everySteps: 2 });
    await expect(loggedRun([board], 1e38)).rejects.toThrow();
    expect(textOf(read(board), 'run/end')).toContain('train/diverged');
    const step = { epoch: 0, stepOfEpoch: 0, stepsPerEpoch: 3, examples: 4, loss: 3, learningRate: 0.1 };
    for (let i = 10; i < 15; i++) board.step!({ ...step, step: i, losses: { labels: i, teacher: Number.NaN } });
    const written = scalars(read(board));
    expect(written['step/losses/labels']).toEqual([10, 12, 14].map((i) => [i, i]));
    expect(written['step/losses/teacher']!.map(([, value]) => value)).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    expect(() => tensorBoard(folder, { everySteps: 0 })).toThrow(TrainOptionError);
  });

  it('goes on in a new file of the folder that comes after the others, and says at which step', () => {
    writeFileSync(join(folder, 'events.out.tfevents.9000000000.elsewhere.1'), '');
    const boards = [tensorBoard(folder), tensorBoard(folder), tensorBoard(folder)];
    const paths = boards.map(({ path }) => path);
    expect(new Set(paths).size).toBe(3);
    expect(paths.toSorted()).toEqual(paths);
    expect(readdirSync(folder).toSorted()[0]).toBe('events.out.tfevents.9000000000.elsewhere.1');
    expect(paths[0]).toMatch(/events\.out\.tfevents\.9000000001\.[\w.-]+\.\d+$/);
    const resumed = { ...plan, resumedAt: { steps: 4, epoch: 1 } };
    boards[1]!.start!(resumed);
    boards[1]!.start!(plan);
    boards[1]!.step!({ step: 4, epoch: 1, stepOfEpoch: 1, stepsPerEpoch: 3, examples: 4, loss: 2, learningRate: 0.1 });
    const events = read(boards[1]!);
    expect(events.map(({ step, sessionStatus }) => [step, sessionStatus])).toEqual([
      [0, undefined],
      [4, 1],
      [4, undefined],
      [0, undefined],
      [4, undefined],
    ]);
    expect(scalars(events)['step/loss']).toEqual([[4, 2]]);
  });

  it('writes histograms of the finite values', () => {
    const board = tensorBoard(folder);
    const values = Float32Array.of(-1, 0, 0.5, 2, Number.NaN, Number.POSITIVE_INFINITY);
    board.histogram('weights', values, 3);
    board.histogram('weights', [7, 7], 4);
    board.histogram('weights', [Number.NaN], 5);
    board.histogram('weights', [-1.7e308, 1.7e308], 6);
    const events = read(board).slice(1);
    expect(events.map(({ step }) => step)).toEqual([3, 4, 6]);
    const histogram = (event: ReadEvent) => {
      const fields = readFields(fieldOf(event.values[0]!.fields, 5) as Buffer);
      const [min, max, count, sum, squares] = [1, 2, 3, 4, 5].map((field) => fieldOf(fields, field) as number);
      return {
        min,
        max,
        count,
        sum,
        squares,
        limits: doubles(fieldOf(fields, 6) as Buffer),
        counts: doubles(fieldOf(fields, 7) as Buffer),
      };
    };
    const { limits, counts, ...moments } = histogram(events[0]!);
    expect(moments).toEqual({ min: -1, max: 2, count: 4, sum: 1.5, squares: 5.25 });
    expect(limits).toHaveLength(30);
    limits.forEach((limit, k) => {
      expect(limit).toBeCloseTo(-1 + (k + 1) / 10, 9);
    });
    expect(counts.flatMap((count, k) => (count === 0 ? [] : [[k, count]]))).toEqual([
      [0, 1],
      [10, 1],
      [15, 1],
      [29, 1],
    ]);
    expect(histogram(events[1]!)).toMatchObject({ min: 7, max: 7, limits: [7], counts: [2] });
    const wide = histogram(events[2]!).counts;
    expect([wide[0], wide[29]]).toEqual([1, 1]);
  });

  it('writes pictures as PNG', () => {
    const board = tensorBoard(folder);
    board.image(
      'bytes',
      Uint8Array.from({ length: 12 }, (_, i) => 20 * i),
      [2, 2, 3],
      1,
    );
    board.image('floats', Float32Array.of(-1, 0.5, 1, 7), [1, 4, 1], 1);
    const [first, second] = read(board)
      .slice(1)
      .map(({ values }) => readFields(fieldOf(values[0]!.fields, 4) as Buffer));
    expect([1, 2, 3].map((field) => fieldOf(first!, field))).toEqual([2, 2, 3]);
    const rows = (png: Buffer) => {
      expect(png.subarray(0, 8).toString('latin1')).toBe('\u0089PNG\r\n\u001a\n');
      const at = png.indexOf('IDAT');
      return [...inflateSync(png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4)))];
    };
    expect(rows(fieldOf(first!, 4) as Buffer)).toEqual([0, 0, 20, 40, 60, 80, 100, 0, 120, 140, 160, 180, 200, 220]);
    expect(rows(fieldOf(second!, 4) as Buffer)).toEqual([0, 0, 128, 255, 255]);
    for (const shape of [
      [2, 2, 1],
      [1, 1, 4.5],
      [1, 1, 5],
      [0, 4, 1],
    ] as const) {
      expect(() => board.image('bad', new Uint8Array(5), shape, 1)).toThrow(TrainOptionError);
    }
  });

  it('takes scalars and texts of its user, at steps that are whole', () => {
    const board = tensorBoard(folder);
    board.scalar('validation/accuracy', 0.5, 2 ** 40);
    board.text('note', 'größer', 1);
    const events = read(board);
    expect(scalars(events)).toEqual({ 'validation/accuracy': [[2 ** 40, 0.5]] });
    expect(textOf(events, 'note')).toBe('größer');
    for (const step of [-1, 0.5, Number.NaN]) expect(() => board.scalar('x', 1, step)).toThrow(TrainOptionError);
  });

  it('refuses a folder that cannot be made', () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    for (const bad of [file, join(file, 'below')]) expect(() => tensorBoard(bad)).toThrow(LogFileError);
  });

  it('says once what it cannot write, and cuts off what a failed write left before it goes on', () => {
    const warnings: LogFileError[] = [];
    const board = tensorBoard(folder, { onWarning: (error) => warnings.push(error) });
    board.scalar('a', 1, 1);
    const whole = readFileSync(board.path);
    rmSync(folder, { recursive: true });
    board.scalar('a', 2, 2);
    board.scalar('a', 3, 3);
    board.end!({ steps: 3, aborted: false });
    expect(warnings.map(({ code }) => code)).toEqual(['train/log-file']);
    folder = mkdtempSync(join(tmpdir(), 'tensor-board-'));
    const again = tensorBoard(folder, { onWarning: (error) => warnings.push(error) });
    again.scalar('a', 1, 1);
    const length = readFileSync(again.path).length;
    expect(length).toBe(whole.length);
    // A write that fails once, half of it in the file.
    rmSync(again.path);
    rmSync(folder, { recursive: true });
    again.scalar('a', 2, 2);
    mkdirSync(folder);
    writeFileSync(again.path, Buffer.concat([whole, whole.subarray(0, 9)]));
    again.scalar('a', 4, 4);
    expect(scalars(read(again)).a).toEqual([
      [1, 1],
      [4, 4],
    ]);
    expect(warnings).toHaveLength(2);
  });
});
