import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DataFormatError, DataUnavailableError } from '@tensor-papers/datasets';
import { useEngine } from '@tensor-papers/engine';
import { createRng } from '@tensor-papers/numerics/random';
import { parameterCount } from '@tensor-papers/tensor-core/nn';
import { figureSchema, type PresetName, type SeedOutcome } from '@tensor-papers/workbench';
import { createTriNet, roundSchedule } from '../src/index.js';
import benchmark from './benchmark.js';
import type { Part, TriNetConfig } from './config.js';
import { makeModules } from './nets.js';
import { paper, quick, smoke, standard, study, studyPrefix } from './presets.js';
import { drawSplits } from './splits.js';
import { svhn } from './svhn.js';

async function runOnce(preset: PresetName, config: TriNetConfig): Promise<SeedOutcome> {
  const engine = await useEngine({ log: () => {} });
  const nothing = () => {};
  const { signal } = new AbortController();
  return benchmark.runSeed({ seed: 1, config, preset, engine, signal, log: nothing, progress: nothing });
}

/** A part as small as it goes, on shipped images. */
const shrunk = (part: Part): Part => ({
  ...smoke.parts[0]!,
  ...{ prefix: part.prefix, title: part.title, trained: part.trained, rounds: 1 },
  ...{ labelsPerClass: part.labelsPerClass, thresholds: [{ sigma0: 0.1, sigmaOs: 0, std: 0.05 }] },
});

const folder = mkdtempSync(join(tmpdir(), 'trinet-data-'));
const before = process.env.TENSOR_PAPERS_DATA;
beforeAll(() => {
  process.env.TENSOR_PAPERS_DATA = folder;
});
afterAll(() => {
  if (before === undefined) delete process.env.TENSOR_PAPERS_DATA;
  else process.env.TENSOR_PAPERS_DATA = before;
  rmSync(folder, { recursive: true });
});

/** An element of a MAT file of version 5. */
function element(type: number, data: Uint8Array): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32LE(type, 0);
  head.writeUInt32LE(data.length, 4);
  return Buffer.concat([head, data, Buffer.alloc((8 - (data.length % 8)) % 8)]);
}

/** The same with type, length and up to four bytes in two words. */
function smallElement(type: number, data: Uint8Array): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt16LE(type, 0);
  bytes.writeUInt16LE(data.length, 2);
  bytes.set(data, 4);
  return bytes;
}

const int32s = (values: number[]) => new Uint8Array(Int32Array.from(values).buffer);

function matrix(name: string, shape: number[], values: Buffer, compressed: boolean): Buffer {
  const body = Buffer.concat([
    element(6, int32s([9, 0])),
    element(5, int32s(shape)),
    smallElement(1, Buffer.from(name)),
    values,
  ]);
  const whole = element(14, body);
  if (!compressed) return whole;
  const packed = deflateSync(whole);
  const head = Buffer.alloc(8);
  head.writeUInt32LE(15, 0);
  head.writeUInt32LE(packed.length, 4);
  return Buffer.concat([head, packed]);
}

function matFile(labels: number[], compressed: boolean, pixels: Uint8Array): Buffer {
  const header = Buffer.alloc(128, ' ');
  header.write('IM', 126, 'latin1');
  const doubles = new Uint8Array(Float64Array.from(labels).buffer);
  const y = compressed ? element(2, Uint8Array.from(labels)) : element(9, doubles);
  const x = matrix('X', [32, 32, 3, labels.length], element(2, pixels), compressed);
  return Buffer.concat([header, x, matrix('y', [labels.length, 1], y, compressed)]);
}

/** Column-major pixels of which each tells where it stands. */
const markedPixels = (count: number) =>
  Uint8Array.from(
    { length: count * 3072 },
    (_, i) => (i % 32) + 3 * (Math.floor(i / 32) % 32) + 50 * (Math.floor(i / 1024) % 3) + Math.floor(i / 3072),
  );

describe('presets', () => {
  it('fine-tune once the pool is everything, and label in between', () => {
    for (const { parts } of [quick, standard]) {
      for (const { unlabeled, rounds, poolBase, thresholds } of parts) {
        const plan = roundSchedule(unlabeled!, { rounds, poolBase, ...thresholds[0] });
        expect(plan.filter(({ kind }) => kind === 'finetune').map(({ t }) => t)).toEqual(
          [4, 8, 12].filter((t) => t <= rounds),
        );
      }
    }
  });

  it('label, validate and leave unlabelled different images, and hide what the unlabelled ones are', async () => {
    const part = { ...quick.parts[0]!, labelsPerClass: 100, validationPerClass: 100, unlabeled: null };
    const { signal } = new AbortController();
    const { labeled, validation, unlabeled, trueLabels } = await drawSplits(part, createRng(1), signal);
    const ids = [labeled, validation, unlabeled].flatMap((set) => set.ids);
    expect([ids.length, new Set(ids).size]).toEqual([6000, 6000]);
    expect(unlabeled.labels.every((label) => label === -1)).toBe(true);
    expect(trueLabels).toHaveLength(4000);
    expect(trueLabels.every((label) => label >= 0)).toBe(true);
    const again = await drawSplits({ ...part, unlabeled: 50 }, createRng(1), signal);
    expect(again.labeled.ids).toEqual(labeled.ids);
    expect(again.unlabeled.length).toBe(50);
  });

  it('have heads that differ, unless they should not', () => {
    const net = (identical: boolean) =>
      createTriNet({
        ...makeModules({ kind: 'small', filters: 4 }, identical),
        inputShape: [28, 28, 1],
        classes: 10,
        seed: 1,
      });
    const [different, alike] = [net(false), net(true)];
    expect(new Set(different.heads.map(parameterCount)).size).toBe(3);
    expect(new Set(alike.heads.map(parameterCount)).size).toBe(1);
    different.dispose();
    alike.dispose();
  });

  it('the study draws its map from whatever settings were run', async () => {
    const prefixes = [studyPrefix(5, 150, 0.95), studyPrefix(20, 600, 0.999)];
    const parts = study.parts.filter(({ prefix }) => prefixes.includes(prefix)).map(shrunk);
    const outcome = await runOnce('study', { parts });
    const arms = Object.fromEntries(
      Object.entries(outcome.arms).map(([arm, metrics]) => [
        arm,
        Object.fromEntries(Object.entries(metrics).map(([metric, value]) => [metric, [value]])),
      ]),
    );
    const figures = benchmark.figures({
      seeds: [{ seed: 1, outcome }],
      arms,
      config: { parts },
      preset: 'study',
      claims: [],
    });
    for (const figure of figures) expect(figureSchema.safeParse(figure).error).toBeUndefined();
    const gains = prefixes.map(
      (prefix) =>
        outcome.arms[`${prefix}trinet`]!['test-accuracy']! -
        outcome.arms[`${prefix}supervised-extra`]!['test-accuracy']!,
    );
    expect(figures.find(({ id }) => id === 'map')).toMatchObject({ bars: gains.map((value) => ({ value })) });
  });

  it('the paper’s runs its net, optimiser and data for a round', async () => {
    mkdirSync(join(folder, 'svhn'));
    const labels = Array.from({ length: 60 }, (_, i) => (i % 10) + 1);
    for (const split of ['train', 'test']) {
      writeFileSync(join(folder, 'svhn', `${split}_32x32.mat`), matFile(labels, true, markedPixels(60)));
    }
    const [part] = paper.parts.filter(({ dataSet }) => dataSet === 'svhn');
    const tiny: Part = {
      ...part!,
      ...{ labelsPerClass: 1, validationPerClass: 1, unlabeled: 12, rounds: 1, testPerClass: 1, desPasses: 1 },
      ...{
        net: { kind: 'conv-large', width: 2, inputNoise: 0.15 },
        thresholds: [{ sigma0: 0.05, sigmaOs: 0, std: 0.05 }],
      },
      ...{ initialisation: { epochs: 1 }, headTraining: { epochs: 1 }, trained: ['trinet'] },
    };
    const outcome = await runOnce('paper', { parts: [tiny] });
    expect(outcome.data.map(({ id }) => id)).toEqual(['svhn']);
    expect(outcome.arms['svhn/trinet']!['test-accuracy']).toBeGreaterThanOrEqual(0);
  });
});

describe('svhn', () => {
  const write = (bytes: Buffer) => {
    mkdirSync(join(folder, 'svhn'), { recursive: true });
    writeFileSync(join(folder, 'svhn', 'train_32x32.mat'), bytes);
  };

  it.each([true, false])('reads images row by row and the label 10 as 0 (compressed: %s)', async (compressed) => {
    write(matFile([1, 10, 3], compressed, markedPixels(3)));
    const set = await svhn({ split: 'train' });
    expect([...set.labels]).toEqual([1, 0, 3]);
    const pixels = await set.images([2]);
    for (const [row, column, channel] of [
      [0, 0, 0],
      [5, 0, 0],
      [0, 7, 1],
      [31, 30, 2],
    ] as const) {
      expect(pixels[(row * 32 + column) * 3 + channel]).toBe(row + 3 * column + 50 * channel + 2);
    }
    expect(set.source.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it('refuses what is missing, cut off or something else', async () => {
    const whole = matFile([1, 2], false, markedPixels(2));
    const packed = matFile([1, 2], true, markedPixels(2));
    const refuses = async (bytes: Buffer, message: RegExp) => {
      write(bytes);
      await expect(svhn({ split: 'train' })).rejects.toThrow(DataFormatError);
      await expect(svhn({ split: 'train' })).rejects.toThrow(message);
    };
    await refuses(Buffer.alloc(20), /version 5/);
    await refuses(whole.subarray(0, whole.length - 9), /cut off/);
    await refuses(whole.subarray(0, 128), /expected X \[32, 32, 3, N\] and y \[N, 1\], got no array/);
    await refuses(Buffer.concat([packed.subarray(0, 140), Buffer.alloc(packed.length - 140)]), /decompress/);
    rmSync(join(folder, 'svhn', 'train_32x32.mat'));
    await expect(svhn({ split: 'train' })).rejects.toThrow(DataUnavailableError);
  });
});
