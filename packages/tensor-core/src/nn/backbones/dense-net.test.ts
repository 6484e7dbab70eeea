import { describe, expect, it } from '@jest/globals';
import type * as tf from '@tensorflow/tfjs';
import { describeBackbone, kernelValues, variance } from '../../../test/backbone-contract.js';
import { itMatchesTorch, torchWeight } from '../../../test/torch-parity.js';
import { ModelConfigurationError, type ModelContext } from '../model-factory.js';
import { type DenseNetOptions, denseNet } from './dense-net.js';

const context: ModelContext = { seed: 7, inputShape: [9, 8, 2], classes: 3 };

/** torchvision's names. */
function torchName(name: string): string {
  const path = name.split('/');
  const weight = torchWeight(path.pop()!);
  const layer = path
    .join('.')
    .replace(/^block(\d)\.layer(\d)/, 'denseblock$1.denselayer$2')
    .replace('head.norm', 'norm5')
    .replace('stem.conv', 'conv0');
  return layer === 'logits' ? `classifier.${weight}` : `features.${layer}.${weight}`;
}

describeBackbone('denseNet', denseNet({ depth: 16, growthRate: 3 }), context);
describeBackbone('denseNet with dropout', denseNet({ depth: 10, growthRate: 4, dropout: 0.2 }), context);
// 2·4 + 4 → 6, 6 + 4 → 5, 5 + 4 channels.
describeBackbone('denseNet without classifier', denseNet({ depth: 10, growthRate: 4, classifier: false }), {
  ...context,
  classes: 9,
});

describe('denseNet', () => {
  const parity: [string, DenseNetOptions][] = [
    ['denseNet 12-5', { depth: 12, growthRate: 5 }],
    ['denseNet 22-4', { depth: 22, growthRate: 4 }],
  ];
  for (const [id, options] of parity) itMatchesTorch(id, denseNet(options), torchName);

  it.each([
    [100, [16, 16, 16]],
    [90, [14, 14, 15]],
    [80, [12, 13, 13]],
  ])('of depth %d has %p layers in its blocks, and as many kernels', (depth, layers) => {
    const model = denseNet({ depth, growthRate: 1 })({ ...context, inputShape: [4, 4, 1] });
    const paths = model.layers.map(({ name }) => name);
    for (const [block, count] of layers.entries()) {
      const last = paths.filter((path) => path.startsWith(`block${block + 1}/`) && path.endsWith('/concat')).at(-1);
      expect(last).toBe(`block${block + 1}/layer${count}/concat`);
    }
    expect(model.weights.filter(({ originalName }) => originalName.endsWith('/kernel'))).toHaveLength(depth);
    model.dispose();
  });

  it('compresses at its transitions and keeps what a layer is given', () => {
    const model = denseNet({ depth: 16, growthRate: 5, compression: 0.7 })({ ...context, inputShape: [11, 9, 3] });
    const shape = (layer: string) => (model.getLayer(layer).output as tf.SymbolicTensor).shape.slice(1);
    expect(shape('block1/layer2/concat')).toEqual([11, 9, 20]);
    expect(shape('transition1/pool')).toEqual([5, 4, 14]);
    expect(shape('block2/layer1/conv1')).toEqual([5, 4, 20]);
    expect(shape('transition2/pool')).toEqual([2, 2, 16]);
    expect(shape('head/pool')).toEqual([26]);
    model.dispose();
  });

  it('drops after each convolution but the first', () => {
    const model = denseNet({ depth: 10, growthRate: 2, dropout: 0.2 })(context);
    const dropped = model.layers.filter((layer) => layer.getClassName() === 'SeededDropout').map(({ name }) => name);
    expect(dropped.sort()).toEqual([
      ...[1, 2, 3].flatMap((block) => [`block${block}/layer1/dropout1`, `block${block}/layer1/dropout2`]),
      'transition1/dropout',
      'transition2/dropout',
    ]);
    model.dispose();
  });

  it('starts with He normal kernels by fan-out', () => {
    const model = denseNet({ depth: 10, growthRate: 24 })(context);
    for (const [layer, fan] of [
      ['block1/layer1/conv1', 96],
      ['block1/layer1/conv2', 9 * 24],
    ] as const) {
      const values = kernelValues(model, layer);
      expect(Math.abs((variance(values) * fan) / 2 - 1)).toBeLessThan(0.08);
    }
    model.dispose();
  });

  it.each<[string, () => unknown, RegExp]>([
    ['an odd depth', () => denseNet({ depth: 101, growthRate: 12 }), /depth: expected an even number .* got 101/],
    ['a depth of 8', () => denseNet({ depth: 8, growthRate: 12 }), /at least 10, got 8/],
    ['a growth rate of 0', () => denseNet({ depth: 10, growthRate: 0 }), /growthRate: expected an integer/],
    ['a compression above 1', () => denseNet({ depth: 10, growthRate: 2, compression: 2 }), /compression: .* got 2/],
    [
      'a compression that leaves nothing',
      () => denseNet({ depth: 10, growthRate: 2, compression: 0.1 })(context),
      /channels after compression by 0.1: .* got 0/,
    ],
    ['a dropout rate of 1', () => denseNet({ depth: 10, growthRate: 2, dropout: 1 }), /rate in \[0, 1\), got 1/],
    ['vectors', () => denseNet({ depth: 10, growthRate: 2 })({ ...context, inputShape: [64] }), /got \[64\]/],
    [
      'images that are pooled away',
      () => denseNet({ depth: 10, growthRate: 2 })({ ...context, inputShape: [8, 3, 3] }),
      /at least 4×4, got \[8, 3, 3\]/,
    ],
  ])('refuses %s', (_, make, message) => {
    expect(make).toThrow(ModelConfigurationError);
    expect(make).toThrow(message);
  });
});
