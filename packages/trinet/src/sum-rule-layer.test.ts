import { describe, expect, it } from '@jest/globals';
import { createRng } from '@tensor-papers/numerics/random';
import * as tf from '@tensorflow/tfjs';
import { blobs, distance, leak, probabilityRows, tinyNet } from '../test/support.js';
import { labelPool, NonFiniteError, SumRuleLayer, TriNetError } from './index.js';

const rng = createRng(3);
const [batch, classes] = [4, 5];
const heads = [1, 2, 3].map(() => probabilityRows(rng, batch, classes));
/** Logits are known up to a constant of each row. */
const logits = (rows: number[][], shift: number) => tf.tensor2d(rows.map((row) => row.map((p) => Math.log(p) + shift)));
const mean = heads[0]!.map((row, i) => row.map((_, c) => heads.reduce((sum, rows) => sum + rows[i]![c]! / 3, 0)));

const gives = (model: tf.LayersModel) =>
  tf.tidy(() => tf.softmax(model.predict(heads.map((rows, i) => logits(rows, 10 * i))) as tf.Tensor).arraySync());

describe('the sum rule as a layer', () => {
  it('gives logits whose softmax is the mean probability of the heads', async () => {
    const inputs = heads.map(() => tf.input({ shape: [classes] }));
    const output = new SumRuleLayer({ name: 'sum-rule' }).apply(inputs) as tf.SymbolicTensor;
    expect(output.shape).toEqual([null, classes]);
    const model = tf.model({ inputs, outputs: output });
    expect(distance(gives(model), mean)).toBeLessThan(1e-6);
    expect(await leak(() => gives(model))).toBe(0);

    const artifacts: tf.io.ModelArtifacts[] = [];
    await model.save(
      tf.io.withSaveHandler(async (saved) => {
        artifacts.push(saved);
        return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
      }),
    );
    const loaded = await tf.loadLayersModel(tf.io.fromMemory(artifacts[0]!));
    expect(gives(loaded)).toEqual(gives(model));
    model.dispose();
    loaded.dispose();
  });

  it('stays finite where probabilities underflow', () => {
    tf.tidy(() => {
      const one = tf.tensor2d([[1000, 0, -1000]]);
      const got = new SumRuleLayer({}).apply([one, one, one]) as tf.Tensor;
      expect(distance(got.arraySync(), [[0, -1000, -2000]])).toBeLessThan(1e-3);
    });
  });
});

it('a net that gives NaN is refused, with an error of this package', async () => {
  const net = tinyNet();
  // The bias of the last layer: NaN further in may end at a ReLU.
  const weights = net.heads[1]!.getWeights();
  tf.tidy(() => net.heads[1]!.setWeights([...weights.slice(0, -1), tf.fill([3], Number.NaN)]));
  const attempt = () => labelPool(net, blobs({ length: 6 }), { head: 1, threshold: 0.5 });
  await expect(attempt()).rejects.toThrow(NonFiniteError);
  await expect(attempt()).rejects.toBeInstanceOf(TriNetError);
  await expect(attempt()).rejects.toThrow(/the net gives NaN for example 0/);
  await labelPool(net, blobs({ length: 6 }), { head: 2, threshold: 0.5 });
  net.dispose();
});
