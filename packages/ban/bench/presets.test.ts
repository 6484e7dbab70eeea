import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { useEngine } from '@tensor-papers/engine';
import { figureSchema, type PresetName, type SeedOutcome } from '@tensor-papers/workbench';
import * as tf from '@tensorflow/tfjs';
import benchmark from './benchmark.js';
import type { BanConfig, Part } from './config.js';
import { paper, study } from './presets.js';

async function runOnce(preset: PresetName, config: BanConfig): Promise<SeedOutcome> {
  const engine = await useEngine({ log: () => {} });
  const nothing = () => {};
  const { signal } = new AbortController();
  return benchmark.runSeed({ seed: 1, config, preset, engine, signal, log: nothing, progress: nothing });
}

const named = (config: BanConfig, ...prefixes: string[]): Part[] =>
  config.parts.filter(({ prefix }) => prefixes.includes(prefix));

describe('the study preset', () => {
  const arms = (...settings: string[]) =>
    settings.flatMap((setting) => ['teacher', 'ban', 'ban+l'].map((role) => `${setting}/${role}`));

  it('draws its map from whatever settings were run', async () => {
    const parts = named(study, 'n200/f8/e10/', 'n200/f8/e40/').map((part) => ({
      ...part,
      dataSet: 'fashion-mnist/subset' as const,
      testPerClass: 10,
      trainPerClass: 5,
      epochs: 1,
    }));
    const outcome = await runOnce('study', { parts });
    expect(Object.keys(outcome.arms)).toEqual(arms('n200/f8/e10', 'n200/f8/e40'));
    const values = Object.fromEntries(
      Object.entries(outcome.arms).map(([arm, metrics]) => [
        arm,
        Object.fromEntries(Object.entries(metrics).map(([metric, value]) => [metric, [value]])),
      ]),
    );
    const seeds = [{ seed: 1, outcome }];
    const figures = benchmark.figures({ seeds, arms: values, config: { parts }, preset: 'study', claims: [] });
    for (const figure of figures) expect(figureSchema.safeParse(figure).error).toBeUndefined();
    const map = figures.find(({ id }) => id === 'map-ban');
    const gains = ['n200/f8/e10', 'n200/f8/e40'].map(
      (setting) =>
        outcome.arms[`${setting}/ban`]!['test-accuracy']! - outcome.arms[`${setting}/teacher`]!['test-accuracy']!,
    );
    expect(map).toMatchObject({ reference: 0, bars: gains.map((value) => ({ value })) });
  });
});

describe('the paper preset', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ban-cifar-'));
  const before = process.env.TENSOR_PAPERS_DATA;

  /** Records of label bytes, then three planes of 32 × 32 noise. */
  function records(count: number, labelBytes: number, classes: number): Uint8Array {
    const bytes = new Uint8Array(count * (labelBytes + 3072));
    for (let i = 0; i < bytes.length; i++) bytes[i] = (i * 2654435761) >>> 24;
    for (let r = 0; r < count; r++) {
      for (let b = 0; b < labelBytes; b++) bytes[r * (labelBytes + 3072) + b] = b === labelBytes - 1 ? r % classes : 0;
    }
    return bytes;
  }

  beforeAll(() => {
    process.env.TENSOR_PAPERS_DATA = folder;
    for (const name of ['cifar-10', 'cifar-100']) mkdirSync(join(folder, name));
    for (let batch = 1; batch <= 5; batch++) {
      writeFileSync(join(folder, 'cifar-10', `data_batch_${batch}.bin`), records(10, 1, 10));
    }
    writeFileSync(join(folder, 'cifar-10', 'test_batch.bin'), records(10, 1, 10));
    writeFileSync(join(folder, 'cifar-100', 'train.bin'), records(100, 2, 100));
    writeFileSync(join(folder, 'cifar-100', 'test.bin'), records(100, 2, 100));
  });

  afterAll(() => {
    if (before === undefined) delete process.env.TENSOR_PAPERS_DATA;
    else process.env.TENSOR_PAPERS_DATA = before;
    rmSync(folder, { recursive: true });
  });

  it('has the nets and data of tables 1 to 3', () => {
    const nets = [
      'wrn-28-1',
      'wrn-28-2',
      'wrn-28-5',
      'wrn-28-10',
      'densenet-112-33',
      'densenet-90-60',
      'densenet-80-80',
    ];
    for (const dataSet of ['cifar-10', 'cifar-100']) {
      const prefixes = [...nets, 'densenet-80-120'].map((net) => `${dataSet}/${net}/`);
      expect(named(paper, ...prefixes).map(({ prefix }) => prefix)).toEqual(prefixes);
    }
  });

  it('trains an epoch of a net and its student on images in CIFAR’s format', async () => {
    const tensors = tf.memory().numTensors;
    const parts = named(paper, 'cifar-10/wrn-28-1/', 'cifar-100/wrn-28-1/').map((part) => ({
      ...part,
      epochs: 1,
      batchSize: 50,
    }));
    const outcome = await runOnce('paper', { parts });
    expect(tf.memory().numTensors).toBe(tensors);
    expect(outcome.data.map(({ id }) => id)).toEqual(['cifar-10', 'cifar-100']);
    expect(Object.keys(outcome.arms)).toEqual(
      ['cifar-10', 'cifar-100'].flatMap((set) => [`${set}/wrn-28-1/teacher`, `${set}/wrn-28-1/ban`]),
    );
    for (const metrics of Object.values(outcome.arms)) expect(metrics['test-nll']).toBeGreaterThan(0);
  });
});
