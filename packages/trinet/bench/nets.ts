import { createRng } from '@tensor-papers/numerics/random';
import {
  type ModelContext,
  type ModelFactory,
  SeededDropout,
  SeededGaussianNoise,
} from '@tensor-papers/tensor-core/nn';
import { adam, type Optimizer, sgd } from '@tensor-papers/tensor-core/train';
import * as tf from '@tensorflow/tfjs';
import type { Phase, TriNetFactories } from '../src/index.js';
import type { Net, OptimizerSettings } from './config.js';

type Symbolic = tf.SymbolicTensor;

const slope = 0.1;

/** Layers with names and seeds of their own; leaky ReLU and, where `norm`, batch normalisation behind every convolution. */
function builder(context: ModelContext, norm: boolean) {
  const seedOf = (name: string) => createRng(context.seed).stream(name).seed() || 1;
  const kernel = (name: string) => tf.initializers.heNormal({ seed: seedOf(name) });
  return {
    input: () => tf.input({ shape: [...context.inputShape], name: 'input' }),
    convolution(x: Symbolic, name: string, filters: number, kernelSize: number, padding: 'same' | 'valid' = 'same') {
      const config = { filters, kernelSize, padding, useBias: !norm, name, kernelInitializer: kernel(name) } as const;
      const y = tf.layers.conv2d(config).apply(x) as Symbolic;
      return norm
        ? (tf.layers.batchNormalization({ momentum: 0.9, epsilon: 1e-5, name: `${name}-norm` }).apply(y) as Symbolic)
        : y;
    },
    relu: (x: Symbolic, name: string) => tf.layers.leakyReLU({ alpha: slope, name }).apply(x) as Symbolic,
    pool: (x: Symbolic, name: string) => tf.layers.maxPooling2d({ poolSize: 2, strides: 2, name }).apply(x) as Symbolic,
    dropout: (x: Symbolic, name: string, rate: number) =>
      new SeededDropout({ rate, seed: seedOf(name), name }).apply(x) as Symbolic,
    noise: (x: Symbolic, stddev: number) =>
      new SeededGaussianNoise({ stddev, seed: seedOf('noise'), name: 'noise' }).apply(x) as Symbolic,
    add: (a: Symbolic, b: Symbolic, name: string) => tf.layers.add({ name }).apply([a, b]) as Symbolic,
    logits(x: Symbolic) {
      const pooled = tf.layers.globalAveragePooling2d({ name: 'average' }).apply(x);
      const kernelInitializer = tf.initializers.glorotUniform({ seed: seedOf('logits') });
      return tf.layers.dense({ units: context.classes, kernelInitializer, name: 'logits' }).apply(pooled) as Symbolic;
    },
  };
}

/** 3×3 convolution, max pooling, dropout 0.25. */
const smallTrunk =
  (filters: number): ModelFactory =>
  (context) => {
    const build = builder(context, false);
    const input = build.input();
    const x = build.relu(build.convolution(input, 'conv', filters, 3), 'relu');
    return tf.model({ inputs: input, outputs: build.dropout(build.pool(x, 'pool'), 'dropout', 0.25) });
  };

/** Convolution, max pooling, dropout 0.5, convolution, global average pooling, linear. */
const plainHead =
  (filters: number, kernelSize: number): ModelFactory =>
  (context) => {
    const build = builder(context, false);
    const input = build.input();
    let x = build.relu(build.convolution(input, 'conv1', filters, kernelSize), 'relu1');
    x = build.dropout(build.pool(x, 'pool'), 'dropout', 0.5);
    x = build.relu(build.convolution(x, 'conv2', filters, kernelSize), 'relu2');
    return tf.model({ inputs: input, outputs: build.logits(x) });
  };

/** A residual block of two 3×3 convolutions with a 1×1 shortcut, max pooling, dropout 0.5, global average pooling, linear. */
const residualHead =
  (filters: number): ModelFactory =>
  (context) => {
    const build = builder(context, false);
    const input = build.input();
    let x = build.relu(build.convolution(input, 'conv1', filters, 3), 'relu1');
    x = build.add(build.convolution(x, 'conv2', filters, 3), build.convolution(input, 'shortcut', filters, 1), 'add');
    x = build.dropout(build.pool(build.relu(x, 'relu2'), 'pool'), 'dropout', 0.5);
    return tf.model({ inputs: input, outputs: build.logits(x) });
  };

/** The first block of the 13-layer net: Gaussian noise, three 3×3 convolutions, max pooling, dropout 0.5. */
const convLargeTrunk =
  (width: number, inputNoise: number): ModelFactory =>
  (context) => {
    const build = builder(context, true);
    const input = build.input();
    let x = build.noise(input, inputNoise);
    for (const i of [1, 2, 3]) x = build.relu(build.convolution(x, `conv${i}`, width, 3), `relu${i}`);
    return tf.model({ inputs: input, outputs: build.dropout(build.pool(x, 'pool'), 'dropout', 0.5) });
  };

/** The rest of it: three convolutions to 2w, max pooling, dropout 0.5; 3×3 without padding to 4w, 1×1 to 2w and w; average, linear. */
const convLargeHead =
  (width: number, kind: 'plain-3' | 'plain-5' | 'residual'): ModelFactory =>
  (context) => {
    const build = builder(context, true);
    const size = kind === 'plain-5' ? 5 : 3;
    const input = build.input();
    let x = build.relu(build.convolution(input, 'conv1', 2 * width, size), 'relu1');
    const first = x;
    x = build.relu(build.convolution(x, 'conv2', 2 * width, size), 'relu2');
    x = build.convolution(x, 'conv3', 2 * width, size);
    if (kind === 'residual') x = build.add(x, first, 'add');
    x = build.dropout(build.pool(build.relu(x, 'relu3'), 'pool'), 'dropout', 0.5);
    x = build.relu(build.convolution(x, 'conv4', 4 * width, 3, 'valid'), 'relu4');
    x = build.relu(build.convolution(x, 'conv5', 2 * width, 1), 'relu5');
    x = build.relu(build.convolution(x, 'conv6', width, 1), 'relu6');
    return tf.model({ inputs: input, outputs: build.logits(x) });
  };

/** Trunk and heads that a configuration names: 3×3 plain, 5×5 plain, 3×3 residual, or three times the first. */
export function makeModules(net: Net, identicalHeads: boolean): TriNetFactories {
  const [trunk, heads] =
    net.kind === 'small'
      ? [
          smallTrunk(net.filters),
          [plainHead(2 * net.filters, 3), plainHead(2 * net.filters, 5), residualHead(2 * net.filters)],
        ]
      : [
          convLargeTrunk(net.width, net.inputNoise),
          (['plain-3', 'plain-5', 'residual'] as const).map((kind) => convLargeHead(net.width, kind)),
        ];
  return { trunk, heads: identicalHeads ? heads.map(() => heads[0]!) : heads };
}

export function makeOptimizer(settings: OptimizerSettings, { kind }: Phase): Optimizer {
  if (settings.kind === 'adam') return adam(settings);
  const { learningRate, headLearningRate, momentum } = settings;
  return sgd({ learningRate: kind === 'head' ? headLearningRate : learningRate, momentum });
}
