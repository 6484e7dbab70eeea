import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs';
import { useEngine } from '../src/use-engine.js';
import { batchShape, fileHandler, lossesOf, stepOf, trainingStep } from './profile-model.mjs';

const cli = join(dirname(expect.getState().testPath!), 'cli.mjs');
const tfjs = require.resolve('@tensorflow/tfjs');
const folder = mkdtempSync(join(tmpdir(), 'engine-profile-'));
const path = (name: string) => join(folder, name);

/** Writes a model as model.save() does, the weights in two files. */
async function save(model: tf.LayersModel, name: string): Promise<void> {
  await model.save(
    tf.io.withSaveHandler(async ({ modelTopology, weightSpecs, weightData }) => {
      const bytes = Buffer.from(weightData as ArrayBuffer);
      writeFileSync(path('part1.bin'), bytes.subarray(0, 10));
      writeFileSync(path('part2.bin'), bytes.subarray(10));
      const weightsManifest = [{ paths: ['part1.bin', 'part2.bin'], weights: weightSpecs }];
      writeFileSync(path(name), JSON.stringify({ format: 'layers-model', modelTopology, weightsManifest }));
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
    }),
  );
}

const net = () =>
  tf.sequential({
    layers: [
      tf.layers.conv2d({ filters: 2, kernelSize: 3, activation: 'relu', inputShape: [5, 5, 1] }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 3, activation: 'softmax' }),
    ],
  });

beforeAll(async () => {
  await useEngine({ log: () => {} });
  await save(net(), 'model.json');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('model.json', () => {
  it('is the model that was saved, weights and all', async () => {
    const model = net();
    await save(model, 'again.json');
    const loaded = await tf.loadLayersModel(fileHandler(path('again.json')));
    const values = (of: tf.LayersModel) => of.getWeights().map((weight) => Array.from(weight.dataSync()));
    expect(values(loaded)).toEqual(values(model));
  });

  it('gives a step that trains and leaves nothing behind', async () => {
    const model = net();
    const step = trainingStep(model, { batch: 4 });
    const before = model.getWeights().map((weight) => Array.from(weight.dataSync()));
    await step();
    const tensors = tf.memory().numTensors;
    await step();
    await step();
    expect(tf.memory().numTensors).toBe(tensors);
    model.getWeights().forEach((weight, i) => {
      expect(Array.from(weight.dataSync())).not.toEqual(before[i]);
    });
  });

  it.each([
    ['none.json', undefined, /cannot be read: ENOENT/],
    ['broken.json', '{', /is no JSON/],
    ['graph.json', '{ "format": "graph-model", "modelTopology": {} }', /graph model, which cannot be trained/],
    ['package.json', '{ "name": "x" }', /is no model: expected 'modelTopology'/],
    [
      'gone.json',
      '{ "modelTopology": {}, "weightsManifest": [{ "paths": ["gone.bin"], "weights": [] }] }',
      /weights of .*gone\.json cannot be read: ENOENT/,
    ],
    ['layer.json', '{ "modelTopology": { "class_name": "Mine", "config": {} } }', /own layers go into a module/],
  ])('%s is refused with a reason', async (name, text, message) => {
    if (text !== undefined) writeFileSync(path(name), text);
    await expect(stepOf(path(name), { batch: 2 })).rejects.toMatchObject({
      code: 'engine/bad-model',
      message: expect.stringMatching(message),
    });
  });
});

describe('what a step is fed', () => {
  it('the shape of a batch: sizes that are open come from inputShape', () => {
    expect(batchShape([null, 5, 3], 8)).toEqual([8, 5, 3]);
    expect(batchShape([null, null, 3], 8, [7, 3])).toEqual([8, 7, 3]);
    expect(() => batchShape([null, null, 3], 8)).toThrow("takes [any, any, 3], but the input's shape is [any, 3]");
    expect(() => batchShape([null, 5, 3], 8, [5, 4])).toThrow('[5, 4]');
    expect(() => batchShape([null, 5, 3], 8, [5])).toThrow('[5]');
  });

  it('cross-entropy for a softmax, as activation or as layer, else the squared error', () => {
    const input = tf.input({ shape: [4] });
    const outputs = [
      tf.layers.dense({ units: 2, activation: 'softmax' }).apply(input),
      tf.layers.softmax().apply(input),
      tf.layers.dense({ units: 1 }).apply(input),
    ] as tf.SymbolicTensor[];
    const model = tf.model({ inputs: input, outputs });
    expect(lossesOf(model)).toEqual(['categoricalCrossentropy', 'categoricalCrossentropy', 'meanSquaredError']);
    return expect(trainingStep(model, { batch: 3 })()).resolves.toBeUndefined();
  });

  it('an embedding reads whole numbers that it has', async () => {
    const model = tf.sequential({
      layers: [
        tf.layers.embedding({ inputDim: 3, outputDim: 2, inputLength: 4 }),
        tf.layers.flatten(),
        tf.layers.dense({ units: 1 }),
      ],
    });
    const seen: number[] = [];
    const { trainOnBatch } = model;
    model.trainOnBatch = function (x, y) {
      seen.push(...(x as tf.Tensor[])[0]!.dataSync());
      return trainOnBatch.call(this, x, y);
    };
    await trainingStep(model, { batch: 16 })();
    expect(new Set(seen)).toEqual(new Set([0, 1, 2]));
  });

  it('the loss of a model that is compiled stays, unless the module names another', async () => {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
    model.compile({ optimizer: 'sgd', loss: 'meanAbsoluteError' });
    trainingStep(model, { batch: 2 });
    expect(model.loss).toBe('meanAbsoluteError');
    trainingStep(model, { batch: 2, loss: 'hinge' });
    expect(model.loss).toBe('hinge');
  });
});

/** The command of the real package, from its sources. */
function profileOf(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--conditions=@tensor-papers/source', cli, 'profile', ...args],
      { cwd: folder, env: { ...process.env, TENSOR_PAPERS_ENGINE: 'cpu', TENSOR_PAPERS_STOCK: '' } },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code ?? -1) : 0, stdout, stderr }),
    );
  });
}

describe('engine profile', () => {
  it('prints the kernels of one step of a model.json', async () => {
    const { code, stdout, stderr } = await profileOf('model.json', '--batch', '2', '--steps', '2', '--rows', '50');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^engine: cpu .*\none training step of model\.json: mean of 2/);
    expect(stdout).toMatch(/^Conv2DBackpropFilter +1 +[\d.]+ ms +[\d.]+ %$/m);
    expect(stdout).toMatch(/^in all +\d+ /m);
  });

  it('counts the kernels of a module that exports step(), as JSON, repaired or stock', async () => {
    writeFileSync(
      path('step.ts'),
      `const tf = require(${JSON.stringify(tfjs)});
      let runs: number = 0;
      export function step(): void {
        runs++;
        tf.tidy(() => {
          tf.abs(tf.abs(tf.ones([2])));
          if (runs % 2 === 0) tf.neg(tf.ones([2]));
        });
      }`,
    );
    const { stdout } = await profileOf('step.ts', '--steps', '4', '--json', '--stock');
    const { engine, kernels, steps } = JSON.parse(stdout);
    expect({ name: engine.name, stock: engine.stock, steps }).toEqual({ name: 'cpu', stock: true, steps: 4 });
    const calls = kernels.map(({ kernel, calls: count }: { kernel: string; calls: number }) => [kernel, count]);
    expect(Object.fromEntries(calls)).toMatchObject({ Abs: 2, Neg: 0.5 });
  });

  it('takes a model with open sizes from a module, with its input shape and loss', async () => {
    writeFileSync(
      path('model.mjs'),
      `import { createRequire } from 'node:module';
      const tf = createRequire(import.meta.url)(${JSON.stringify(tfjs)});
      const layers = [
        tf.layers.conv2d({ filters: 2, kernelSize: 3, inputShape: [null, null, 1] }),
        tf.layers.globalAveragePooling2d({}),
      ];
      export const model = tf.sequential({ layers });
      export const inputShape = [6, 7, 1];
      export const loss = (target, output) => tf.mean(tf.sinh(tf.sub(target, output)), -1);`,
    );
    const { code, stdout } = await profileOf('model.mjs', '--steps', '1', '--batch', '2', '--rows', '99');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Sinh +1 /m);
  });

  it.each([
    ['none.mjs', undefined, /cannot be loaded: Cannot find/],
    ['empty.mjs', 'export const other = 1;', /expected an export 'step', a function, or 'model'/],
    ['throws.mjs', "export function step() { throw new Error('no data'); }", /^engine: the profile failed: no data$/m],
  ])('%s: exit code 1 and the reason', async (name, text, message) => {
    if (text !== undefined) writeFileSync(path(name), text);
    const { code, stdout, stderr } = await profileOf(path(name));
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(message);
  });
});
