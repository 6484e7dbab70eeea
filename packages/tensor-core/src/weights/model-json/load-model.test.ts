import { describe, expect, it } from '@jest/globals';
import { createRng } from '@tensor-papers/numerics/random';
import * as tf from '@tensorflow/tfjs';
import { expectNoLeak, normalTensor, weightValues } from '../../../test/tensors.js';
import { resNet } from '../../nn/backbones/res-net.js';
import { smallCnn } from '../../nn/backbones/small-cnn.js';
import { wideResNet } from '../../nn/backbones/wide-res-net.js';
import type { ModelFactory } from '../../nn/model-factory.js';
import { type ModelFormatCode, ModelFormatError, WeightNamesError } from '../errors.js';
import { loadModel, loadModelWeights } from './load-model.js';
import { modelInMemory } from './model-in-memory.js';

type Files = Map<string, Uint8Array>;
// biome-ignore lint/suspicious/noExplicitAny: tests reach into JSON of any form
type Json = Record<string, any>;

const context = { seed: 3, inputShape: [8, 8, 2], classes: 3 };
const factories: [string, ModelFactory][] = [
  ['smallCnn', smallCnn({ filters: [3, 4] })],
  ['wideResNet', wideResNet({ depth: 10, width: 1, dropout: 0.2 })],
  ['resNet', resNet({ depth: 18, stem: 'cifar', width: 2 })],
];

const jsonOf = (files: Files): Json => JSON.parse(new TextDecoder().decode(files.get('model.json')));
function withJson(files: Files, edit: (json: Json) => void): Files {
  const json = jsonOf(files);
  edit(json);
  return new Map(files).set('model.json', new TextEncoder().encode(JSON.stringify(json)));
}

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

async function saved(factory = factories[1]![1], options = {}): Promise<{ files: Files; model: tf.LayersModel }> {
  const model = factory(context);
  const files: Files = new Map();
  await model.save(modelInMemory(files, options));
  return { files, model };
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

  const layerOf = (json: Json, name: string): Json =>
    json.modelTopology.config.layers.find((layer: Json) => layer.name === name);
  const edits: [string, ModelFormatCode | 'weights/names-do-not-match', (json: Json) => void][] = [
    [
      'neither topology nor weights',
      'weights/model-not-json',
      (json) => {
        delete json.modelTopology;
        delete json.weightsManifest;
      },
    ],
    [
      'no topology',
      'weights/bad-topology',
      (json) => {
        delete json.modelTopology;
      },
    ],
    [
      'no manifest',
      'weights/no-weights',
      (json) => {
        delete json.weightsManifest;
      },
    ],
    [
      'a topology that is text',
      'weights/bad-topology',
      (json) => {
        json.modelTopology = 'Model';
      },
    ],
    [
      'a manifest that is no list',
      'weights/bad-manifest',
      (json) => {
        json.weightsManifest = {};
      },
    ],
    [
      'a group without paths',
      'weights/bad-manifest',
      (json) => {
        delete json.weightsManifest[0].paths;
      },
    ],
    [
      'a group that is null',
      'weights/bad-manifest',
      (json) => {
        json.weightsManifest[0] = null;
      },
    ],
    [
      'a file outside the folder',
      'weights/bad-path',
      (json) => {
        json.weightsManifest[0].paths = ['../weights.bin'];
      },
    ],
    [
      'an absolute path',
      'weights/bad-path',
      (json) => {
        json.weightsManifest[0].paths = ['/etc/hosts'];
      },
    ],
    [
      'a drive',
      'weights/bad-path',
      (json) => {
        json.weightsManifest[0].paths = ['c:\\weights.bin'];
      },
    ],
    [
      'a file twice',
      'weights/bad-manifest',
      (json) => {
        json.weightsManifest.push(json.weightsManifest[0]);
      },
    ],
    [
      'a file that is missing',
      'weights/truncated',
      (json) => {
        json.weightsManifest[0].paths = ['other.bin'];
      },
    ],
    [
      'a weight without a name',
      'weights/bad-manifest',
      (json) => {
        delete json.weightsManifest[0].weights[0].name;
      },
    ],
    [
      'two weights of one name',
      'weights/duplicate-name',
      (json) => {
        const [a, b] = json.weightsManifest[0].weights;
        b.name = a.name;
      },
    ],
    [
      '__proto__ as a weight',
      'weights/forbidden-name',
      (json) => {
        json.weightsManifest[0].weights[0].name = '__proto__';
      },
    ],
    [
      'an unknown dtype',
      'weights/unknown-dtype',
      (json) => {
        json.weightsManifest[0].weights[0].dtype = 'string';
      },
    ],
    [
      'an unknown group',
      'weights/bad-manifest',
      (json) => {
        json.weightsManifest[0].weights[0].group = 'x';
      },
    ],
    [
      'a negative size',
      'weights/bad-shape',
      (json) => {
        json.weightsManifest[0].weights[0].shape = [-1, -16];
      },
    ],
    [
      'a huge shape',
      'weights/bad-shape',
      (json) => {
        json.weightsManifest[0].weights[0].shape = [1e15, 1e15];
      },
    ],
    [
      'too few bytes',
      'weights/truncated',
      (json) => {
        json.weightsManifest[0].weights.push({ name: 'a', shape: [1], dtype: 'bool' });
      },
    ],
    [
      'too many bytes',
      'weights/trailing-bytes',
      (json) => {
        json.weightsManifest[0].weights.pop();
      },
    ],
    [
      'quantization by 0/0',
      'weights/bad-manifest',
      (json) => {
        json.weightsManifest[0].weights[0].quantization = { dtype: 'uint8', scale: null, min: 0 };
      },
    ],
    [
      'quantization of an unknown kind',
      'weights/bad-manifest',
      (json) => {
        json.weightsManifest[0].weights[0].quantization = { dtype: 'int4', scale: 1, min: 0 };
      },
    ],
    [
      'more values than there are',
      'weights/bad-topology',
      (json) => {
        layerOf(json, 'logits').config.units = 1e9;
      },
    ],
    [
      'more values than a number holds',
      'weights/bad-topology',
      (json) => {
        layerOf(json, 'logits').config.units = 1e300;
      },
    ],
    [
      'fewer values than there are',
      'weights/names-do-not-match',
      (json) => {
        layerOf(json, 'logits').config.units = 2;
      },
    ],
    [
      'a layer of another name',
      'weights/names-do-not-match',
      (json) => {
        const text = JSON.stringify(json.modelTopology).replaceAll('"logits"', '"digits"');
        json.modelTopology = JSON.parse(text);
      },
    ],
    [
      'an unknown layer',
      'weights/bad-topology',
      (json) => {
        layerOf(json, 'logits').class_name = 'Sparse';
      },
    ],
    [
      'a layer without a config',
      'weights/bad-topology',
      (json) => {
        delete layerOf(json, 'logits').config;
      },
    ],
    [
      'two names for one layer',
      'weights/bad-topology',
      (json) => {
        layerOf(json, 'logits').config.name = 'x';
      },
    ],
    [
      'two layers of one name',
      'weights/bad-topology',
      (json) => {
        json.modelTopology.config.layers.push(layerOf(json, 'logits'));
      },
    ],
    [
      'a layer that waits for itself',
      'weights/bad-topology',
      (json) => {
        layerOf(json, 'logits').inbound_nodes = [[['logits', 0, 0, {}]]];
      },
    ],
    [
      'layers that wait for each other',
      'weights/bad-topology',
      (json) => {
        layerOf(json, 'stem').inbound_nodes = [[['head-norm', 0, 0, {}]]];
      },
    ],
    [
      'an input that nobody makes',
      'weights/bad-topology',
      (json) => {
        layerOf(json, 'logits').inbound_nodes = [[['nobody', 0, 0, {}]]];
      },
    ],
    [
      'a call that nobody makes',
      'weights/bad-topology',
      (json) => {
        layerOf(json, 'logits').inbound_nodes[0][0][1] = 1;
      },
    ],
    [
      'a call in between',
      'weights/bad-topology',
      (json) => {
        layerOf(json, 'logits').inbound_nodes[0][0][1] = 0.5;
      },
    ],
    [
      'an input that is text',
      'weights/bad-topology',
      (json) => {
        layerOf(json, 'logits').inbound_nodes = [['stem', 0, 0, {}]];
      },
    ],
    [
      'two spellings of one key',
      'weights/bad-topology',
      (json) => {
        layerOf(json, 'logits').inboundNodes = [];
      },
    ],
    [
      'a __proto__ layer',
      'weights/bad-topology',
      (json) => {
        const layer = layerOf(json, 'logits');
        layer.name = layer.config.name = '__proto__';
      },
    ],
    [
      'metadata that are a list',
      'weights/model-not-json',
      (json) => {
        json.userDefinedMetadata = [1];
      },
    ],
  ];

  it.each(edits)('refuses %s: %s', async (_what, code, edit) => {
    const { files, model } = await saved();
    await expectNoLeak(async () => {
      const broken = modelInMemory(withJson(files, edit));
      await expect(loadModel(broken)).rejects.toMatchObject({ code });
    });
    model.dispose();
  });

  it.each<[string, ModelFormatCode, string]>([
    ['no JSON', 'weights/model-not-json', '{"a"'],
    ['a list', 'weights/model-not-json', '[]'],
    ['a key twice', 'weights/duplicate-name', '{"modelTopology":{},"modelTopology":{}}'],
    ['__proto__', 'weights/forbidden-name', '{"modelTopology":{"__proto__":{"x":1}}}'],
    [
      'a topology nested 100,000 deep',
      'weights/no-weights',
      `{"modelTopology":{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`,
    ],
  ])('refuses %s: %s', async (_what, code, text) => {
    const files = new Map([['model.json', new TextEncoder().encode(text)]]);
    await expect(loadModel(modelInMemory(files))).rejects.toBeInstanceOf(ModelFormatError);
    await expect(loadModel(modelInMemory(files))).rejects.toMatchObject({ code });
  });

  it('watches layers only while it builds', async () => {
    const { addWeight } = tf.layers.Layer.prototype as unknown as Json;
    const { files, model } = await saved();
    const broken = withJson(files, (json) => {
      layerOf(json, 'logits').config.units = 1e9;
    });
    await expect(loadModel(modelInMemory(broken))).rejects.toBeInstanceOf(ModelFormatError);
    const loading = loadModel(modelInMemory(files));
    const other = tf.sequential({ layers: [tf.layers.dense({ units: 50, inputShape: [5000] })] });
    (await loading).dispose();
    expect((tf.layers.Layer.prototype as unknown as Json).addWeight).toBe(addWeight);
    other.dispose();
    model.dispose();
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
