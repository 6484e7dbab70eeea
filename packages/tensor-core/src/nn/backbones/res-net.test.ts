import { describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs';
import { describeBackbone, kernelValues, variance } from '../../../test/backbone-contract.js';
import { itMatchesTorch, torchWeight } from '../../../test/torch-parity.js';
import { ModelConfigurationError, type ModelContext } from '../model-factory.js';
import { type ResNetOptions, resNet } from './res-net.js';

const context: ModelContext = { seed: 7, inputShape: [9, 8, 2], classes: 3 };

/** The documented map to torchvision's names. */
function torchName(name: string): string {
  const path = name.split('/');
  const weight = torchWeight(path.pop()!);
  const layer = path
    .join('.')
    .replace('stem.conv', 'conv1')
    .replace('stem.norm', 'bn1')
    .replace('logits', 'fc')
    .replace('shortcut.conv', 'downsample.0')
    .replace('shortcut.norm', 'downsample.1')
    .replace('norm', 'bn')
    .replace(/stage(\d)\.block(\d)/, (_, stage, block) => `layer${stage}.${Number(block) - 1}`);
  return `${layer}.${weight}`;
}

describeBackbone('resNet 18', resNet({ depth: 18, stem: 'cifar', width: 4 }), context);
describeBackbone('resNet 50', resNet({ depth: 50, width: 2 }), { ...context, inputShape: [20, 33, 2] });
describeBackbone('resNet 18 without classifier', resNet({ depth: 18, width: 4, classifier: false }), {
  ...context,
  classes: 32,
  inputShape: [33, 20, 3],
});

describe('resNet', () => {
  const parity: [string, ResNetOptions][] = [
    ['resNet 18, imagenet', { depth: 18, stem: 'imagenet' }],
    ['resNet 18, cifar', { depth: 18, stem: 'cifar' }],
    ['resNet 34, imagenet', { depth: 34 }],
    ['resNet 50, imagenet', { depth: 50 }],
  ];
  for (const [id, options] of parity) itMatchesTorch(id, resNet(options), torchName);

  it('names its weights by their paths', () => {
    const model = resNet({ depth: 50, width: 1 })({ ...context, inputShape: [32, 32, 3] });
    const names = model.weights.map(({ originalName }) => originalName);
    const norm = (path: string) => ['gamma', 'beta', 'moving_mean', 'moving_variance'].map((name) => `${path}/${name}`);
    const expected = ['stem/conv/kernel', ...norm('stem/norm')];
    for (const [stage, blocks] of [3, 4, 6, 3].entries()) {
      for (let block = 1; block <= blocks; block++) {
        const path = `stage${stage + 1}/block${block}`;
        for (const i of [1, 2, 3]) expected.push(`${path}/conv${i}/kernel`, ...norm(`${path}/norm${i}`));
        if (block === 1) expected.push(`${path}/shortcut/conv/kernel`, ...norm(`${path}/shortcut/norm`));
      }
    }
    expected.push('logits/kernel', 'logits/bias');
    expect([...names].sort()).toEqual([...expected].sort());
    model.dispose();
  });

  it('gives feature maps by the path of a block', () => {
    const model = resNet({ depth: 18, width: 2 })({ ...context, inputShape: [65, 64, 3] });
    const shape = (layer: string) => (model.getLayer(layer).output as tf.SymbolicTensor).shape.slice(1);
    expect(shape('stem/relu')).toEqual([33, 32, 2]);
    expect(shape('stage1/block2/relu')).toEqual([17, 16, 2]);
    expect(shape('stage4/block2/relu')).toEqual([3, 2, 16]);
    model.dispose();
  });

  it('starts with He normal kernels by fan-out', () => {
    const model = resNet({ depth: 18, stem: 'cifar', width: 24 })(context);
    for (const [layer, fan] of [
      ['stage1/block1/conv1', 9 * 24],
      ['stage2/block1/conv1', 9 * 48],
      ['stage3/block1/shortcut/conv', 96],
    ] as const) {
      const values = kernelValues(model, layer);
      expect(Math.abs((variance(values) * fan) / 2 - 1)).toBeLessThan(0.08);
      // A truncated normal would end at two standard deviations.
      expect(Math.max(...values) / Math.sqrt(2 / fan)).toBeGreaterThan(2.5);
    }
    model.dispose();
  });

  it('takes the same kernels with either stem', () => {
    const kernels = (['cifar', 'imagenet'] as const).map((stem) => {
      const model = resNet({ depth: 18, stem, width: 2 })(context);
      const values = Array.from(model.getLayer('stage3/block1/conv1').getWeights()[0]!.dataSync());
      model.dispose();
      return values;
    });
    expect(kernels[0]).toEqual(kernels[1]);
  });

  it('documents its batch normalisation', () => {
    const model = resNet({ depth: 18, width: 1 })(context);
    const { momentum, epsilon } = model.getLayer('stage1/block1/norm1').getConfig();
    expect([momentum, epsilon]).toEqual([0.9, 1e-5]);
    model.dispose();
  });

  it('takes tiny images', () => {
    const model = resNet({ depth: 18, width: 1 })({ ...context, inputShape: [1, 1, 3] });
    const logits = model.predict(tf.ones([1, 1, 1, 3])) as tf.Tensor;
    expect(Array.from(logits.dataSync()).every(Number.isFinite)).toBe(true);
    logits.dispose();
    model.dispose();
  });

  it.each<[string, () => unknown, RegExp]>([
    ['a depth that is not offered', () => resNet({ depth: 20 as 18 }), /depth: expected 18, 34 or 50, got 20/],
    ['a depth of an object’s property', () => resNet({ depth: 'toString' as never }), /got toString/],
    ['an unknown stem', () => resNet({ depth: 18, stem: 'none' as 'cifar' }), /'cifar' or 'imagenet', got 'none'/],
    ['a width of 0', () => resNet({ depth: 18, width: 0 }), /width: expected an integer/],
    [
      'vectors',
      () => resNet({ depth: 18 })({ ...context, inputShape: [64] }),
      /\[height, width, channels\], got \[64\]/,
    ],
  ])('refuses %s', (_, make, message) => {
    expect(make).toThrow(ModelConfigurationError);
    expect(make).toThrow(message);
  });
});
