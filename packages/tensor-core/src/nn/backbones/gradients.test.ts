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

interface Backbone {
  readonly name: string;
  readonly makeModel: ModelFactory;
  /** Height and width of the images. Default 8. */
  readonly side?: number;
  /** A loss full of kinks, whose slope a difference finds only where they are kept away, and not for each weight. */
  readonly deep?: boolean;
}

// In TensorFlow 1×1 convolutions at stride 2 need 16 input channels: below, their gradient corrupts memory.
const backbones: Backbone[] = [
  { name: 'mlp', makeModel: mlp({ hidden: [12, 8] }) },
  { name: 'mlp with dropout', makeModel: mlp({ hidden: [12, 8], dropout: 0.3 }) },
  { name: 'smallCnn', makeModel: smallCnn({ filters: [4, 5, 6] }) },
  { name: 'smallCnn with pooling head', makeModel: smallCnn({ filters: [4, 5], head: 'globalAveragePool' }) },
  { name: 'wideResNet with dropout', makeModel: wideResNet({ depth: 10, width: 1, dropout: 0.3 }) },
  { name: 'resNet 18, cifar', makeModel: resNet({ depth: 18, stem: 'cifar', width: 16 }), side: 16, deep: true },
  { name: 'resNet 18, imagenet', makeModel: resNet({ depth: 18, width: 16 }), side: 64, deep: true },
  { name: 'resNet 50', makeModel: resNet({ depth: 50, stem: 'cifar', width: 4 }), side: 16, deep: true },
  { name: 'denseNet with dropout', makeModel: denseNet({ depth: 16, growthRate: 4, dropout: 0.2 }) },
  { name: 'convLarge with noise', makeModel: convLarge({ width: 4, inputNoise: 0.15 }), side: 14 },
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

/**
 * Scales and shifts that keep what batch normalisation gives to a ReLU away from 0: three channels in four pass, one does
 * not.
 */
function keepFromKinks(network: tf.LayersModel): void {
  tf.tidy(() => {
    for (const weight of network.trainableWeights) {
      const [channels] = weight.shape as [number];
      if (weight.originalName.endsWith('gamma')) weight.write(tf.ones([channels]));
      if (weight.originalName.endsWith('beta')) {
        weight.write(tf.tensor1d(Array.from({ length: channels }, (_, c) => (c % 4 === 3 ? -2 : 2))));
      }
    }
  });
}

describe.each(backbones)('the gradient of $name', ({ makeModel, side = 8, deep = false }) => {
  const rng = createRng(21);
  const model = () => makeModel({ seed: 4, inputShape: [side, side, 2], classes: 3 });

  /** Calls `check` with the loss as a function of the model's weights, and with its gradient. */
  function withGradient(
    check: (slope: (direction: readonly tf.Tensor[]) => number, gradient: tf.Tensor[]) => void,
  ): void {
    const network = model();
    if (deep) keepFromKinks(network);
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

  // For the deep ones res-net.test.ts compares each weight's gradient with PyTorch's.
  if (deep) return;

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
