import { describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs';
import { filesOf, type Json, withJson } from '../../../test/saved-models.js';
import { expectNoLeak } from '../../../test/tensors.js';
import { wideResNet } from '../../nn/backbones/wide-res-net.js';
import { type ModelFormatCode, ModelFormatError } from '../errors.js';
import { loadModel } from './load-model.js';
import { modelInMemory } from './model-in-memory.js';

async function saved() {
  const model = wideResNet({ depth: 10, width: 1 })({ seed: 3, inputShape: [8, 8, 2], classes: 3 });
  return { files: await filesOf(model), model };
}

describe('loadModel', () => {
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
        layerOf(json, 'logits').config.units = 1e5;
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
});
