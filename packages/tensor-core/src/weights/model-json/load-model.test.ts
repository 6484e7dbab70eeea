import { describe, expect, it } from '@jest/globals';
import { createRng } from '@tensor-papers/numerics/random';
import * as tf from '@tensorflow/tfjs';
import { type Files, filesOf, type Json, jsonOf, withJson } from '../../../test/saved-models.js';
import { expectNoLeak, normalTensor, weightValues } from '../../../test/tensors.js';
import { resNet } from '../../nn/backbones/res-net.js';
import { smallCnn } from '../../nn/backbones/small-cnn.js';
import { wideResNet } from '../../nn/backbones/wide-res-net.js';
import type { ModelFactory } from '../../nn/model-factory.js';
import { ModelFormatError, WeightNamesError } from '../errors.js';
import { loadModel, loadModelWeights } from './load-model.js';
import { modelInMemory } from './model-in-memory.js';

const context = { seed: 3, inputShape: [8, 8, 2], classes: 3 };
const factories: [string, ModelFactory][] = [
  ['smallCnn', smallCnn({ filters: [3, 4] })],
  ['wideResNet', wideResNet({ depth: 10, width: 1, dropout: 0.2 })],
  ['resNet', resNet({ depth: 18, stem: 'cifar', width: 2 })],
];

/** What a server would do, as `tf.io.http` sees it; JSON is of this realm, as outside of tests. */
const serve = (files: Files) => async (url: string) => {
  const bytes = files.get(url.replace('http://models/', '')) as Uint8Array<ArrayBuffer>;
  const type = url.endsWith('json') ? 'application/json' : 'application/octet-stream';
  const response = new Response(bytes, { headers: { 'content-type': type } });
  return Object.assign(response, { json: async () => JSON.parse(await response.text()) });
};

/** Files as TensorFlow.js itself writes them. */
async function writtenByTensorFlow(model: tf.LayersModel): Promise<Files> {
  const files: Files = new Map();
  const receive = async (_url: string, { body }: RequestInit) => {
    for (const [name, file] of body as FormData) files.set(name, new Uint8Array(await (file as File).arrayBuffer()));
    return new Response();
  };
  await model.save(tf.io.http('http://models/model.json', { fetchFunc: receive as typeof fetch }));
  return files;
}

function predict(model: tf.LayersModel, x: tf.Tensor): number[] {
  return tf.tidy(() => Array.from((model.predict(x) as tf.Tensor).dataSync()));
}

async function saved(): Promise<{ files: Files; model: tf.LayersModel }> {
  const model = factories[1]![1](context);
  return { files: await filesOf(model), model };
}

describe.each(factories)('%s', (_, makeModel) => {
  it('is the same after it was saved and loaded, in shards, by us and by TensorFlow.js', async () => {
    await expectNoLeak(async () => {
      const model = makeModel(context);
      const x = normalTensor([2, 8, 8, 2], createRng(1));
      tf.tidy(() => void model.apply(x, { training: true }));
      const files: Files = new Map([['old', new Uint8Array(1)]]);
      await model.save(modelInMemory(files, { shardBytes: 1000 }));
      const sizes = [...files].filter(([name]) => name !== 'model.json').map(([, bytes]) => bytes.length);
      expect(sizes.slice(0, -1).every((size) => size === 1000)).toBe(true);
      expect(sizes.reduce((a, b) => a + b)).toBe(4 * weightValues(model).flat().length);
      expect([...files.keys()].slice(0, 2)).toEqual(['model.json', `weights.1-of-${sizes.length}.bin`]);

      const loaded = [
        await loadModel(modelInMemory(files)),
        await tf.loadLayersModel(modelInMemory(files)),
        await tf.loadLayersModel(tf.io.http('http://models/model.json', { fetchFunc: serve(files) as typeof fetch })),
        await loadModel(modelInMemory(await writtenByTensorFlow(model))),
      ];
      for (const other of loaded) {
        expect(weightValues(other)).toEqual(weightValues(model));
        expect(predict(other, x)).toEqual(predict(model, x));
        expect(other.weights.map(({ originalName }) => originalName)).toEqual(
          model.weights.map(({ originalName }) => originalName),
        );
        expect(other.trainableWeights).toHaveLength(model.trainableWeights.length);
        other.dispose();
      }
      x.dispose();
      model.dispose();
    });
  });
});

describe('loadModel', () => {
  it('loads recurrent, shared, nested and branching layers', async () => {
    // No check for leaks: TensorFlow.js counts a shared layer twice and so never disposes it.
    const inner = tf.sequential({ name: 'inner', layers: [tf.layers.dense({ units: 4, inputShape: [4] })] });
    const input = tf.input({ shape: [3, 4] });
    const shared = tf.layers.timeDistributed({ layer: tf.layers.dense({ units: 4 }) });
    const once = shared.apply(input) as tf.SymbolicTensor;
    const twice = shared.apply(once) as tf.SymbolicTensor;
    const lstm = tf.layers.lstm({ units: 4 }).apply(tf.layers.add().apply([once, twice])) as tf.SymbolicTensor;
    const output = inner.apply(lstm) as tf.SymbolicTensor;
    const model = tf.model({ inputs: input, outputs: [output, lstm] });
    const files: Files = new Map();
    await model.save(modelInMemory(files));
    const loaded = await loadModel(modelInMemory(files));
    const x = normalTensor([2, 3, 4], createRng(1));
    const outputs = (from: tf.LayersModel) =>
      tf.tidy(() => (from.predict(x) as tf.Tensor[]).map((y) => Array.from(y.dataSync())));
    expect(outputs(loaded)).toEqual(outputs(model));
    for (const made of [loaded, model, x]) made.dispose();
  });

  it('keeps metadata, and leaves an optimiser out', async () => {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
    model.compile({ optimizer: tf.train.momentum(0.1, 0.9), loss: 'meanSquaredError' });
    const [x, y] = [tf.ones([4, 2]), tf.ones([4, 1])];
    await model.fit(x, y, { verbose: 0 });
    model.setUserDefinedMetadata({ classes: ['a', 'b'] });
    const files: Files = new Map();
    await model.save(modelInMemory(files), { includeOptimizer: true });
    expect(jsonOf(files).weightsManifest[0].weights.map(({ group }: Json) => group)).toContain('optimizer');
    const loaded = await loadModel(modelInMemory(files));
    expect(weightValues(loaded)).toEqual(weightValues(model));
    expect(loaded.getUserDefinedMetadata()).toEqual({ classes: ['a', 'b'] });
    expect(loaded.optimizer).toBeUndefined();
    const compiled = await tf.loadLayersModel(modelInMemory(files));
    expect((await compiled.optimizer.getWeights()).length).toBeGreaterThan(0);
    tf.dispose([x, y]);
    for (const made of [model, compiled]) {
      made.optimizer.dispose();
      made.dispose();
    }
    loaded.dispose();
  });

  it('reads quantised weights as TensorFlow.js does', async () => {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [2], name: 'a' })] });
    const { modelTopology } = jsonOf(await writtenByTensorFlow(model));
    const weights = [
      { name: 'a/kernel', shape: [2, 2], dtype: 'float32', quantization: { dtype: 'uint8', scale: 0.1, min: -1 } },
      { name: 'a/bias', shape: [2], dtype: 'float32', quantization: { dtype: 'float16', original_dtype: 'float32' } },
    ];
    const files: Files = new Map([
      [
        'model.json',
        new TextEncoder().encode(JSON.stringify({ modelTopology, weightsManifest: [{ paths: ['./w.bin'], weights }] })),
      ],
      ['w.bin', Uint8Array.of(0, 10, 20, 255, 0x00, 0x3c, 0x00, 0xc0)],
    ]);
    const [ours, theirs] = [await loadModel(modelInMemory(files)), await tf.loadLayersModel(modelInMemory(files))];
    expect(weightValues(ours)).toEqual(weightValues(theirs));
    expect(weightValues(ours)[1]).toEqual([1, -2]);
    for (const made of [model, ours, theirs]) made.dispose();
  });

  it('refuses a handler that cannot load', async () => {
    await expect(loadModel({})).rejects.toBeInstanceOf(ModelFormatError);
  });
});

describe('loadModelWeights', () => {
  it('sets the weights of a model that is there, by name', async () => {
    const { files, model } = await saved();
    const other = factories[1]![1]({ ...context, seed: 9 });
    await expectNoLeak(() => loadModelWeights(other, modelInMemory(files)));
    expect(weightValues(other)).toEqual(weightValues(model));
    const wider = wideResNet({ depth: 10, width: 2 })(context);
    await expect(loadModelWeights(wider, modelInMemory(files))).rejects.toBeInstanceOf(WeightNamesError);
    const weightsOnly = withJson(files, (json) => {
      delete json.modelTopology;
    });
    const fresh = factories[1]![1]({ ...context, seed: 10 });
    await loadModelWeights(fresh, modelInMemory(weightsOnly));
    expect(weightValues(fresh)).toEqual(weightValues(model));
    for (const made of [model, other, wider, fresh]) made.dispose();
  });
});

describe('modelInMemory', () => {
  it('keeps what it holds when a save fails', async () => {
    const { files, model } = await saved();
    const before = new Map(files);
    const handler = modelInMemory(files);
    await expect(
      handler.save({
        modelTopology: {},
        weightSpecs: [{ name: 'a', shape: [3], dtype: 'float32' }],
        weightData: new ArrayBuffer(8),
      }),
    ).rejects.toMatchObject({ code: 'weights/truncated' });
    await expect(handler.save({ modelTopology: new ArrayBuffer(8) })).rejects.toMatchObject({
      code: 'weights/bad-topology',
    });
    expect(files).toEqual(before);
    model.dispose();
  });

  it.each([0, -1, 0.5, Number.NaN])('refuses shards of %d bytes', (shardBytes) => {
    expect(() => modelInMemory(new Map(), { shardBytes })).toThrow(ModelFormatError);
  });

  it('has one weight file of at most 4 MiB by default', async () => {
    const { files, model } = await saved();
    expect([...files.keys()]).toEqual(['model.json', 'weights.1-of-1.bin']);
    const big: Files = new Map();
    const floats = 2 ** 20 + 1;
    await modelInMemory(big).save({
      modelTopology: {},
      weightSpecs: [{ name: 'a', shape: [floats], dtype: 'float32' }],
      weightData: new ArrayBuffer(4 * floats),
    });
    expect([...big].slice(1).map(([, bytes]) => bytes.length)).toEqual([2 ** 22, 4]);
    model.dispose();
  });
});
