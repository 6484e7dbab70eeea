import { describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs';
import { describeBackbone, kernelValues, outputValues, variance } from '../../../test/backbone-contract.js';
import { itMatchesTorch, torchWeight } from '../../../test/torch-parity.js';
import type { SeededGaussianNoise } from '../layers/seeded-gaussian-noise.js';
import { ModelConfigurationError, type ModelContext } from '../model-factory.js';
import { convLarge } from './conv-large.js';

const context: ModelContext = { seed: 7, inputShape: [13, 12, 2], classes: 3 };

/** Names of the script's network, which has no published counterpart. */
function torchName(name: string): string {
  const path = name.split('/');
  const weight = torchWeight(path.pop()!);
  return `${path.join('_').replace('logits', 'fc')}.${weight}`;
}

describeBackbone('convLarge', convLarge({ width: 4 }), context);
describeBackbone('convLarge with noise', convLarge({ width: 4, inputNoise: 0.15, negativeSlope: 0 }), context);
describeBackbone('convLarge without classifier', convLarge({ width: 5, dropout: 0, classifier: false }), {
  ...context,
  classes: 5,
});

describe('convLarge', () => {
  itMatchesTorch('convLarge of width 8', convLarge({ width: 8, dropout: 0 }), torchName);

  it('has the layers of the papers', () => {
    const model = convLarge({ inputNoise: 0.15 })({ ...context, inputShape: [32, 32, 3] });
    const weighted = model.layers.filter((layer) => /Conv2D|Dense/.test(layer.getClassName()));
    const shapes = weighted.map((layer) => (layer.output as tf.SymbolicTensor).shape.slice(1).join('×'));
    expect(shapes).toEqual([
      ...Array.from({ length: 3 }, () => '32×32×128'),
      ...Array.from({ length: 3 }, () => '16×16×256'),
      '6×6×512',
      '6×6×256',
      '6×6×128',
      '3',
    ]);
    const rest = model.layers.filter((layer) => /Dropout|Noise|LeakyReLU/.test(layer.getClassName()));
    const config = (key: string) => rest.map((layer) => layer.getConfig()[key]).filter((value) => value !== undefined);
    expect(config('stddev')).toEqual([0.15]);
    expect(config('rate')).toEqual([0.5, 0.5]);
    expect(config('alpha')).toEqual(Array.from({ length: 9 }, () => 0.1));
    model.dispose();
  });

  it('adds noise in training only, another one at each step, the same for the same seed', () => {
    const x = tf.ones([2, 13, 12, 2]);
    const make = convLarge({ width: 2, dropout: 0, inputNoise: 0.15 });
    const [model, same, silent] = [make(context), make(context), convLarge({ width: 2, dropout: 0 })(context)];
    expect(outputValues(model, x, false)).toEqual(outputValues(silent, x, false));
    const first = outputValues(model, x, true);
    expect(first).not.toEqual(outputValues(silent, x, true));
    expect(outputValues(same, x, true)).toEqual(first);
    expect(outputValues(model, x, true)).not.toEqual(first);
    expect((model.getLayer('noise') as SeededGaussianNoise).draws).toBe(2);
    for (const made of [model, same, silent]) made.dispose();
    x.dispose();
  });

  it.each([0.1, 0.9])('starts with He normal kernels by fan-in for slope %d', (negativeSlope) => {
    const model = convLarge({ width: 16, negativeSlope })(context);
    for (const [layer, fan] of [
      ['block2/conv1', 9 * 16],
      ['block3/conv2', 64],
    ] as const) {
      const values = kernelValues(model, layer);
      expect(Math.abs((variance(values) * fan * (1 + negativeSlope ** 2)) / 2 - 1)).toBeLessThan(0.08);
    }
    model.dispose();
  });

  it.each<[string, () => unknown, RegExp]>([
    ['a width of 0', () => convLarge({ width: 0 }), /width: expected an integer/],
    ['a dropout rate of 1', () => convLarge({ dropout: 1 }), /rate in \[0, 1\), got 1/],
    ['a slope of 1', () => convLarge({ negativeSlope: 1 }), /negativeSlope: expected a number in \[0, 1\), got 1/],
    ['negative noise', () => convLarge({ inputNoise: -1 }), /inputNoise: .* got -1/],
    ['noise that is no number', () => convLarge({ inputNoise: Number.NaN }), /inputNoise: .* got NaN/],
    ['vectors', () => convLarge()({ ...context, inputShape: [64] }), /got \[64\]/],
    [
      'images that are pooled away',
      () => convLarge()({ ...context, inputShape: [11, 32, 3] }),
      /at least 12×12, got \[11, 32, 3\]; enlarge/,
    ],
  ])('refuses %s', (_, make, message) => {
    expect(make).toThrow(ModelConfigurationError);
    expect(make).toThrow(message);
  });
});
