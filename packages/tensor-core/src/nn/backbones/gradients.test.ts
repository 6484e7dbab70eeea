import { describe, expect, it } from '@jest/globals';
import { createRng } from '@tensor-papers/numerics/random';
import * as tf from '@tensorflow/tfjs';
import { crossEntropy, normalTensor } from '../../../test/tensors.js';
import type { ModelFactory } from '../model-factory.js';
import { convLarge } from './conv-large.js';
import { denseNet } from './dense-net.js';
import { mlp } from './mlp.js';
import { resNet } from './res-net.js';
import { smallCnn } from './small-cnn.js';
import { wideResNet } from './wide-res-net.js';

const backbones: [string, ModelFactory, side?: number][] = [
  ['mlp', mlp({ hidden: [12, 8] })],
  ['mlp with dropout', mlp({ hidden: [12, 8], dropout: 0.3 })],
  ['smallCnn', smallCnn({ filters: [4, 5, 6] })],
  ['smallCnn with pooling head', smallCnn({ filters: [4, 5], head: 'globalAveragePool' })],
  ['wideResNet with dropout', wideResNet({ depth: 10, width: 1, dropout: 0.3 })],
  ['resNet 18 for small images', resNet({ depth: 18, stem: 'cifar', width: 4 }), 16],
  ['resNet 18', resNet({ depth: 18, width: 4 }), 64],
  ['resNet 50', resNet({ depth: 50, stem: 'cifar', width: 2 }), 16],
  ['denseNet with dropout', denseNet({ depth: 16, growthRate: 4, dropout: 0.2 })],
  ['convLarge with noise', convLarge({ width: 4, inputNoise: 0.15 }), 14],
];

/** Half the distance of a central difference along directions of length 1; small, because of the kinks of ReLU. */
const EPSILON = 1e-3;

/** a·b over all entries of two lists of tensors. */
function dot(a: readonly tf.Tensor[], b: readonly tf.Tensor[]): number {
  return tf.tidy(() => a.reduce((sum, tensor, k) => sum + tf.sum(tf.mul(tensor, b[k]!)).dataSync()[0]!, 0));
}

function scaled(tensors: readonly tf.Tensor[], factor: number): tf.Tensor[] {
  return tensors.map((tensor) => tf.mul(tensor, factor));
}

describe.each(backbones)('the gradient of %s', (_, makeModel, side = 8) => {
  const rng = createRng(21);
  const model = () => makeModel({ seed: 4, inputShape: [side, side, 2], classes: 3 });

  /** Calls `check` with the loss as a function of the model's weights, and with its gradient. */
  function withGradient(
    check: (slope: (direction: readonly tf.Tensor[]) => number, gradient: tf.Tensor[]) => void,
  ): void {
    const network = model();
    tf.tidy(() => {
      const x = normalTensor([3, side, side, 2], rng.stream('images'));
      const labels = tf.tensor1d([0, 1, 2], 'int32');
      const variables = network.trainableWeights.map((weight) => weight.read() as tf.Variable);
      const loss = (): tf.Scalar => {
        // The same masks and noise every time.
        for (const layer of network.layers) if ('draws' in layer) layer.draws = 0;
        return crossEntropy(network.apply(x, { training: true }) as tf.Tensor, labels);
      };
      const { grads } = tf.variableGrads(loss, variables);
      const origin = variables.map((variable) => tf.clone(variable));
      const lossAt = (direction: readonly tf.Tensor[], distance: number): number =>
        tf.tidy(() => {
          variables.forEach((variable, k) => {
            variable.assign(tf.add(origin[k]!, tf.mul(direction[k]!, distance)));
          });
          return loss().dataSync()[0]!;
        });
      const slope = (direction: readonly tf.Tensor[]) =>
        (lossAt(direction, EPSILON) - lossAt(direction, -EPSILON)) / (2 * EPSILON);
      check(
        slope,
        variables.map((variable) => grads[variable.name]!),
      );
    });
    network.dispose();
  }

  it('is the slope of the loss along itself and along random directions', () => {
    withGradient((slope, gradient) => {
      const length = Math.sqrt(dot(gradient, gradient));
      expect(length).toBeGreaterThan(0.1);
      const along = scaled(gradient, 1 / length);
      expect(Math.abs(slope(along) / length - 1)).toBeLessThan(0.02);
      for (let draw = 0; draw < 2; draw++) {
        const noise = gradient.map((tensor, k) => normalTensor(tensor.shape, rng.stream(`noise-${draw}`).stream(k)));
        const size = Math.sqrt(dot(noise, noise));
        // Half along the gradient: along noise alone the slope would drown in rounding.
        const mixed = along.map((tensor, k) => tf.mul(tf.add(tensor, tf.mul(noise[k]!, 1 / size)), Math.SQRT1_2));
        expect(Math.abs(slope(mixed) - dot(mixed, gradient)) / length).toBeLessThan(0.02);
      }
    });
  });

  it('is right for each weight by itself', () => {
    withGradient((slope, gradient) => {
      gradient.forEach((part, k) => {
        const length = Math.sqrt(dot([part], [part]));
        const direction = gradient.map((tensor, j) => (j === k ? tf.mul(tensor, 1 / length) : tf.zerosLike(tensor)));
        expect(length).toBeGreaterThan(1e-3);
        const measured = slope(direction);
        expect(Math.abs(measured - length)).toBeLessThan(0.02 * length + 5e-4);
      });
    });
  });
});
