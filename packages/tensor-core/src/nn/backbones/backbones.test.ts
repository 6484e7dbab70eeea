import { describe, expect, it } from '@jest/globals';
import { createRng } from '@tensor-papers/numerics/random';
import type * as tf from '@tensorflow/tfjs';
import { describeBackbone, outputValues } from '../../../test/backbone-contract.js';
import { referenceWideResNet10 } from '../../../test/reference-wide-res-net.js';
import { normalTensor, weightValues } from '../../../test/tensors.js';
import { ModelConfigurationError, type ModelContext, type ModelFactory } from '../model-factory.js';
import { parameterCount } from '../parameter-count.js';
import { mlp } from './mlp.js';
import { smallCnn } from './small-cnn.js';
import { wideResNet } from './wide-res-net.js';

const backbones: [string, ModelFactory][] = [
  ['mlp', mlp({ hidden: [6, 5], dropout: 0.4 })],
  ['smallCnn', smallCnn({ filters: [3, 4] })],
  ['smallCnn with pooling head', smallCnn({ filters: [3, 4], head: 'globalAveragePool' })],
  ['wideResNet', wideResNet({ depth: 10, width: 1, dropout: 0.4 })],
];
const context: ModelContext = { seed: 7, inputShape: [8, 8, 2], classes: 3 };
const images = () => normalTensor([4, 8, 8, 2], createRng(1));

function count(factory: ModelFactory, inputShape: readonly number[], classes = 10): number {
  const model = factory({ seed: 1, inputShape, classes });
  const parameters = parameterCount(model);
  model.dispose();
  return parameters;
}

/** Parameters of WRN-depth-width, layer by layer. */
function wideResNetCount(depth: number, width: number, channels: number, classes: number): number {
  let parameters = 9 * channels * 16;
  let from = 16;
  for (const to of [16 * width, 32 * width, 64 * width]) {
    for (let block = 0; block < (depth - 4) / 6; block++) {
      parameters += 2 * from + 9 * from * to + 2 * to + 9 * to * to;
      if (block === 0 && !(to === 16 && from === 16)) parameters += from * to;
      from = to;
    }
  }
  return parameters + 2 * from + from * classes + classes;
}

describe('parameterCount', () => {
  it('of the small CNN is what its documentation says', () => {
    expect(count(smallCnn(), [28, 28, 1])).toBe(54_666);
    expect(count(smallCnn({ head: 'globalAveragePool' }), [28, 28, 1])).toBe(23_946);
  });

  it('of the perceptron, by hand', () => {
    expect(count(mlp({ hidden: [256, 128] }), [28, 28, 1])).toBe(784 * 256 + 256 + 256 * 128 + 128 + 128 * 10 + 10);
    expect(count(mlp({ hidden: [] }), [5], 3)).toBe(18);
  });

  it('of wide residual networks, by hand', () => {
    expect(count(wideResNet({ depth: 16, width: 1 }), [32, 32, 3])).toBe(175_066);
    expect(count(wideResNet({ depth: 16, width: 2 }), [32, 32, 3])).toBe(691_674);
    expect(count(wideResNet({ depth: 22, width: 1, dropout: 0.3 }), [28, 28, 1])).toBe(wideResNetCount(22, 1, 1, 10));
    expect(wideResNetCount(28, 10, 3, 10)).toBe(36_479_194);
  });

  it('leaves out what is not trained', () => {
    const model = mlp({ hidden: [4] })({ seed: 1, inputShape: [5], classes: 2 });
    model.getLayer('dense-1').trainable = false;
    expect(parameterCount(model)).toBe(4 * 2 + 2);
    model.dispose();
  });
});

for (const [name, makeModel] of backbones) describeBackbone(name, makeModel, context);
describeBackbone('wideResNet without classifier', wideResNet({ depth: 10, width: 1, classifier: false }), {
  ...context,
  classes: 64,
});

describe('dropout of the backbones', () => {
  it.each([backbones[0]!, backbones[3]!])(
    '%s: masks differ by step, repeat by seed, and rest in inference',
    (_, make) => {
      const x = images();
      const [model, same, other] = [7, 7, 8].map((seed) => make({ ...context, seed })) as [
        tf.LayersModel,
        tf.LayersModel,
        tf.LayersModel,
      ];
      other.setWeights(model.getWeights());
      const steps = [outputValues(model, x, true), outputValues(model, x, true)];
      expect(steps[0]).not.toEqual(steps[1]);
      expect([outputValues(same, x, true), outputValues(same, x, true)]).toEqual(steps);
      expect(outputValues(other, x, true)).not.toEqual(steps[0]);
      expect(outputValues(model, x, false)).toEqual(outputValues(model, x, false));
      for (const made of [model, same, other]) made.dispose();
      x.dispose();
    },
  );
});

describe('initial weights', () => {
  it('of a layer do not depend on the layers before it', () => {
    const kernel = (factory: ModelFactory, layer: string) => {
      const model = factory(context);
      const values = Array.from(model.getLayer(layer).getWeights()[0]!.dataSync());
      model.dispose();
      return values;
    };
    const plain = kernel(mlp({ hidden: [6, 5] }), 'dense-2');
    expect(kernel(mlp({ hidden: [6, 5], dropout: 0.4 }), 'dense-2')).toEqual(plain);
    const first = kernel(wideResNet({ depth: 10, width: 1 }), 'stage-2-block-1-1-conv');
    expect(kernel(wideResNet({ depth: 16, width: 1, dropout: 0.1 }), 'stage-2-block-1-1-conv')).toEqual(first);
  });

  it('are He uniform before a ReLU and Glorot uniform at the end', () => {
    const model = mlp({ hidden: [200] })({ seed: 3, inputShape: [150], classes: 100 });
    const [hidden, hiddenBias, last, lastBias] = weightValues(model) as [number[], number[], number[], number[]];
    const variance = (values: number[]) => values.reduce((sum, value) => sum + value * value, 0) / values.length;
    expect(variance(hidden)).toBeCloseTo(2 / 150, 3);
    expect(Math.max(...hidden)).toBeLessThanOrEqual(Math.sqrt(6 / 150));
    expect(variance(last)).toBeCloseTo(2 / (200 + 100), 3);
    expect(Math.max(...last)).toBeLessThanOrEqual(Math.sqrt(6 / 300));
    expect([...hiddenBias, ...lastBias].every((value) => value === 0)).toBe(true);
    model.dispose();
  });
});

describe('wideResNet', () => {
  it.each([
    [1, 8],
    [2, 7],
  ])('of width %d on %d pixels computes what the definition says, loop by loop', (width, side) => {
    const model = wideResNet({ depth: 10, width })({ seed: 1, inputShape: [side, side, 2], classes: 3 });
    const rng = createRng(4);
    // Statistics and scales away from 0 and 1, where mistakes would not show.
    model.setWeights(
      model.getWeights().map((weight) => {
        const noise = normalTensor(weight.shape, rng);
        return weight.rank === 1 ? noise.abs().add(0.2) : weight.add(noise.mul(0.02));
      }),
    );
    const x = normalTensor([2, side, side, 2], rng);
    const logits = Array.from((model.predict(x) as tf.Tensor).dataSync());
    const pixels = Array.from(x.dataSync());
    const size = pixels.length / 2;
    const expected = [0, 1].flatMap((i) => referenceWideResNet10(model, side, pixels.slice(i * size, (i + 1) * size)));
    logits.forEach((value, i) => {
      expect(Math.abs(value - expected[i]!)).toBeLessThan(1e-4 * Math.max(1, Math.abs(expected[i]!)));
    });
    x.dispose();
    model.dispose();
  });

  it('takes odd and tiny images', () => {
    for (const [side, last] of [
      [7, 2],
      [1, 1],
    ] as const) {
      const model = wideResNet({ depth: 10, width: 1 })({ seed: 1, inputShape: [side, side, 1], classes: 2 });
      expect((model.getLayer('head-relu').output as tf.SymbolicTensor).shape).toEqual([null, last, last, 64]);
      model.dispose();
    }
  });
});

describe('bad configurations', () => {
  it.each<[string, () => unknown]>([
    ['mlp: units of 0', () => mlp({ hidden: [4, 0] })],
    ['mlp: dropout of 1', () => mlp({ hidden: [4], dropout: 1 })],
    ['smallCnn: no filters', () => smallCnn({ filters: [] })],
    ['smallCnn: half a filter', () => smallCnn({ filters: [1.5] })],
    ['smallCnn: an unknown head', () => smallCnn({ head: 'average' as 'flatten' })],
    ['smallCnn: vectors', () => smallCnn()({ ...context, inputShape: [64] })],
    ['smallCnn: images that are pooled away', () => smallCnn()({ ...context, inputShape: [3, 8, 1] })],
    ['wideResNet: a depth between two', () => wideResNet({ depth: 18, width: 1 })],
    ['wideResNet: a depth of 4', () => wideResNet({ depth: 4, width: 1 })],
    ['wideResNet: a width of 0', () => wideResNet({ depth: 16, width: 0 })],
    ['wideResNet: negative dropout', () => wideResNet({ depth: 16, width: 1, dropout: -0.1 })],
    ['wideResNet: vectors', () => wideResNet({ depth: 16, width: 1 })({ ...context, inputShape: [64] })],
  ])('refuses %s', (_, make) => {
    expect(make).toThrow(ModelConfigurationError);
  });
});
