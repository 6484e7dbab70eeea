import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { loggedRun } from '../../../test/logged-run.js';
import { TrainOptionError } from '../errors.js';
import { type JsonLinesOptions, jsonLines, LogFileError } from './json-lines.js';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'json-lines-'));
  path = join(folder, 'log.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

type Fields = Record<string, unknown>;
const records = () =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Fields);

const train = (options?: JsonLinesOptions, learningRate?: number) =>
  loggedRun([jsonLines(path, options)], learningRate);

describe('jsonLines', () => {
  it('writes a line for the start, each epoch and the end, with the run in each', async () => {
    await train({ run: { paper: 'ban', seed: 7 } });
    const lines = records();
    expect(lines.map(({ event }) => event)).toEqual(['start', 'epoch', 'epoch', 'end']);
    for (const { paper, seed, time } of lines) {
      expect([paper, seed]).toEqual(['ban', 7]);
      expect(new Date(time as string).toISOString()).toBe(time);
    }
    expect(lines[0]).toMatchObject({ epochs: 2, stepsPerEpoch: 3, parameters: 111 });
    expect(lines[2]).toMatchObject({ epoch: 1, steps: 3, examples: 12, learningRate: 0.1 });
    expect(lines[3]).toMatchObject({ steps: 6, aborted: false });
    const { loss, seconds, tensors, rssBytes, peakRssBytes } = lines[1] as Record<string, number>;
    for (const value of [loss, seconds, tensors]) expect(value).toBeGreaterThan(0);
    expect(rssBytes).toBeGreaterThan(10_000_000);
    expect(peakRssBytes).toBeGreaterThanOrEqual(rssBytes! / 2);
  });

  it('writes steps on request', async () => {
    await train({ everySteps: 2 });
    const steps = records().filter(({ event }) => event === 'step');
    expect(steps.map(({ step }) => step)).toEqual([0, 2, 4]);
    expect(() => jsonLines(path, { everySteps: 0 })).toThrow(TrainOptionError);
  });

  it('names what ended the run', async () => {
    await expect(train({ everySteps: 1 }, 1e38)).rejects.toThrow();
    const end = records().at(-1)!;
    expect(end).toMatchObject({ event: 'end', aborted: false });
    expect(end.error).toMatchObject({ name: 'TrainingDivergedError', code: 'train/diverged' });
  });

  it('writes numbers that JSON lacks as text', () => {
    const sink = jsonLines(path);
    sink.end!({ steps: 1, aborted: false, error: 'plain text' });
    sink.start!({ epochs: Number.POSITIVE_INFINITY, stepsPerEpoch: undefined, parameters: Number.NaN });
    expect(records()[0]).toMatchObject({ error: { message: 'plain text' } });
    expect(records()[1]).toMatchObject({ epochs: 'Infinity', parameters: 'NaN' });
    expect(records()[1]).not.toHaveProperty('stepsPerEpoch');
  });

  it('appends to what is there, on a new line after half a line', () => {
    writeFileSync(path, '{"event":"start"}\n{"event":"epo');
    const sink = jsonLines(path);
    sink.end!({ steps: 0, aborted: true });
    const lines = readFileSync(path, 'utf8').split('\n');
    expect(lines.slice(0, 2)).toEqual(['{"event":"start"}', '{"event":"epo']);
    expect(JSON.parse(lines[2]!)).toMatchObject({ event: 'end', aborted: true });
    expect(lines[3]).toBe('');
    jsonLines(path);
    expect(readFileSync(path, 'utf8').split('\n')).toEqual(lines);
  });

  it('refuses a path that cannot be written, before the run', () => {
    for (const bad of [join(folder, 'missing', 'log.jsonl'), folder]) {
      expect(() => jsonLines(bad)).toThrow(LogFileError);
      expect(() => jsonLines(bad)).toThrow(`cannot write the log ${bad}: `);
    }
  });

  it('says once what it cannot write, lets the run go on, and writes again when it can', async () => {
    const warnings: LogFileError[] = [];
    const sink = jsonLines(path, { onWarning: (error) => warnings.push(error) });
    const end = { steps: 0, aborted: false };
    rmSync(folder, { recursive: true });
    sink.end!(end);
    sink.end!(end);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toBeInstanceOf(LogFileError);
    expect(warnings[0]!.message).toContain(`cannot write the log ${path}: ENOENT`);
    mkdirSync(folder);
    // As a full disk leaves it.
    writeFileSync(path, '{"event":"epo');
    sink.end!(end);
    expect(readFileSync(path, 'utf8')).toMatch(/^\{"event":"epo\n\{"event":"end".*\}\n$/);
    expect(warnings).toHaveLength(1);
  });

  it('warns on the console where nobody listens, and does not end a run on a full disk', async () => {
    const warn = jest.spyOn(console, 'warn').mockImplementation(() => {});
    try {
      // Takes nothing, as a full disk; where there is none, the folder goes away.
      const full = existsSync('/dev/full');
      const sinks = [jsonLines(full ? '/dev/full' : path), jsonLines(full ? '/dev/full' : path, { everySteps: 1 })];
      rmSync(folder, { recursive: true });
      await loggedRun(sinks);
      expect(warn).toHaveBeenCalledTimes(2);
      for (const [text] of warn.mock.calls)
        expect(text).toMatch(/^cannot write the log .*: ENO(SPC|ENT): .* the run goes on/);
    } finally {
      warn.mockRestore();
    }
  });
});
