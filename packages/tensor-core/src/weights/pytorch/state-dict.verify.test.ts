import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs';
import { referencePython } from '../../../test/reference-python.js';
import { expectNoLeak } from '../../../test/tensors.js';
import { resNet } from '../../nn/backbones/res-net.js';
import { wideResNet } from '../../nn/backbones/wide-res-net.js';
import type { ModelFactory } from '../../nn/model-factory.js';
import { readSafetensorsFile, writeSafetensorsFile } from '../node/safetensors-file.js';
import type { StoredTensor } from '../safetensors/decode.js';
import { type ModuleNames, resNetModules, wideResNetModules } from './modules.js';
import { loadStateDict, stateDictOf } from './state-dict.js';

const networks: [string, ModelFactory, ModuleNames, number, number][] = [
  ['resnet18', resNet({ depth: 18 }), resNetModules, 96, 1000],
  ['resnet50', resNet({ depth: 50 }), resNetModules, 96, 1000],
  ['wrn-28-2', wideResNet({ depth: 28, width: 2 }), wideResNetModules, 32, 10],
];

let folder: string;
let python: ReturnType<typeof referencePython>;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'state-dicts-'));
  python = referencePython(folder);
  mkdirSync(join(folder, 'networks'));
  python('networks', join(folder, 'networks'), ...networks.map(([name]) => name));
}, 1_200_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function logitsOf(model: tf.LayersModel, { data, shape }: StoredTensor): Float32Array {
  return tf.tidy(() => {
    const images = tf.transpose(tf.tensor(data as Float32Array, shape as number[]), [0, 2, 3, 1]);
    return (model.predict(images) as tf.Tensor).dataSync() as Float32Array;
  });
}

describe.each(networks)('%s of full size', (name, makeModel, modules, side, classes) => {
  const make = (seed: number) => makeModel({ seed, inputShape: [side, side, 3], classes });
  const file = (suffix: string) => join(folder, 'networks', `${name}${suffix}.safetensors`);

  it("gives PyTorch's logits with PyTorch's weights", async () => {
    const { tensors } = await readSafetensorsFile(file('.logits'));
    const weights = (await readSafetensorsFile(file(''))).tensors;
    await expectNoLeak(() => {
      const model = make(1);
      loadStateDict(model, weights, { modules });
      const got = logitsOf(model, tensors.get('images')!);
      const expected = tensors.get('logits')!.data as Float32Array;
      const scale = expected.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1);
      const error = expected.reduce((largest, value, i) => Math.max(largest, Math.abs(value - got[i]!)), 0);
      expect(got).toHaveLength(expected.length);
      console.log(`${name}: largest difference ${error.toPrecision(2)}, largest logit ${scale.toPrecision(3)}`);
      expect(error / scale).toBeLessThan(1e-4);
      model.dispose();
    });
  });

  it("gives PyTorch our logits with our weights, in PyTorch's strict mode", async () => {
    const model = make(2);
    const images = (await readSafetensorsFile(file('.logits'))).tensors.get('images')!;
    // Statistics away from 0 and 1.
    tf.tidy(() => {
      const batch = tf.transpose(tf.tensor(images.data as Float32Array, images.shape as number[]), [0, 2, 3, 1]);
      for (let step = 0; step < 20; step++) model.apply(batch, { training: true });
    });
    const ours = join(folder, `${name}.ours.safetensors`);
    const logits = join(folder, `${name}.ours.logits.safetensors`);
    await writeSafetensorsFile(ours, await stateDictOf(model, modules), { format: 'pt' });
    const data = logitsOf(model, images);
    await writeSafetensorsFile(logits, [
      ['images', images],
      ['logits', { dtype: 'F32', shape: [2, classes], data }],
    ]);
    expect(python('check', name, ours, logits)).toContain(`${name}: largest difference`);
    data[0]! += 1;
    await writeSafetensorsFile(logits, [
      ['images', images],
      ['logits', { dtype: 'F32', shape: [2, classes], data }],
    ]);
    expect(() => python('check', name, ours, logits)).toThrow();
    model.dispose();
  });
});
