import { describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs';
import { mlp } from './backbones/mlp.js';
import { smallCnn } from './backbones/small-cnn.js';
import { wideResNet } from './backbones/wide-res-net.js';
import { floatingPointOperations } from './floating-point-operations.js';

const sameConvolution = (positions: number, from: number, to: number) => 2 * positions * 9 * from * to;

function operations(model: tf.LayersModel): number {
  const count = floatingPointOperations(model);
  model.dispose();
  return count;
}

describe('floatingPointOperations, by hand', () => {
  it('of dense layers', () => {
    expect(operations(mlp({ hidden: [7] })({ seed: 1, inputShape: [3], classes: 2 }))).toBe(2 * (3 * 7 + 7 * 2));
  });

  it('of convolutions, at the size of their output', () => {
    const model = smallCnn({ filters: [2, 3] })({ seed: 1, inputShape: [4, 4, 1], classes: 5 });
    expect(operations(model)).toBe(sameConvolution(16, 1, 2) + sameConvolution(4, 2, 3) + 2 * 12 * 5);
  });

  it('of a residual network with strides and projections', () => {
    const stages =
      2 * sameConvolution(64, 16, 16) +
      (sameConvolution(16, 16, 32) + sameConvolution(16, 32, 32) + 2 * 16 * 16 * 32) +
      (sameConvolution(4, 32, 64) + sameConvolution(4, 64, 64) + 2 * 4 * 32 * 64);
    const model = wideResNet({ depth: 10, width: 1 })({ seed: 1, inputShape: [8, 8, 3], classes: 10 });
    expect(operations(model)).toBe(sameConvolution(64, 3, 16) + stages + 2 * 64 * 10);
  });

  it('of depthwise convolutions, nested models and layers used twice', () => {
    const depthwise = tf.sequential({
      layers: [
        tf.layers.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2, padding: 'same', inputShape: [4, 4, 2] }),
        tf.layers.activation({ activation: 'relu' }),
        tf.layers.globalAveragePooling2d({}),
      ],
    });
    expect(floatingPointOperations(depthwise)).toBe(2 * 16 * 9 * 2 * 2);
    const nested = tf.sequential({ layers: [depthwise, tf.layers.dense({ units: 5 })] });
    expect(operations(nested)).toBe(2 * 16 * 9 * 2 * 2 + 2 * 4 * 5);

    const input = tf.input({ shape: [6] });
    const shared = tf.layers.dense({ units: 6 });
    const output = shared.apply(shared.apply(input)) as tf.SymbolicTensor;
    expect(operations(tf.model({ inputs: input, outputs: output }))).toBe(2 * 2 * 36);
  });
});
