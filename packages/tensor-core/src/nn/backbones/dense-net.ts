import * as tf from '@tensorflow/tfjs';
import {
  ModelConfigurationError,
  type ModelFactory,
  requireContext,
  requireDropoutRate,
  requireInteger,
  requireSide,
} from '../model-factory.js';
import { layerBuilder } from './layer-builder.js';

/** Options of {@link denseNet}. */
export interface DenseNetOptions {
  /** Number of layers with kernels: 2n + 4 for n bottleneck layers, at least 10. */
  readonly depth: number;
  /** Growth rate k: channels that a bottleneck layer adds. */
  readonly growthRate: number;
  /** Compression θ of a transition, in (0, 1]: channels out ÷ channels in, rounded down. Default 0.5. */
  readonly compression?: number;
  /** Dropout rate after each convolution but the first, in [0, 1). Default 0. */
  readonly dropout?: number;
  /** false leaves out the last layer: the model gives the pooled embedding. Default true. */
  readonly classifier?: boolean;
}

/** Channels of the 1×1 convolution of a bottleneck layer ÷ growth rate. */
const BOTTLENECK = 4;
const DENSE_BLOCKS = 3;
/** Two poolings of 2×2. */
const SMALLEST_SIDE = 4;

/** Bottleneck layers of each block: as equal as can be, the later blocks first to have one more. */
function layersOfBlocks(depth: number): number[] {
  const layers = (depth - 4) / 2;
  if (!Number.isInteger(layers) || layers < DENSE_BLOCKS) {
    throw new ModelConfigurationError(`denseNet: depth: expected an even number of at least 10, got ${depth}`);
  }
  return Array.from({ length: DENSE_BLOCKS }, (_, block) => Math.floor((layers + block) / DENSE_BLOCKS));
}

/**
 * Densely connected network DenseNet-BC-depth-k (Huang et al., 2017) in its form for small images.
 *
 * 3×3 convolution to 2k channels; three dense blocks, in which each layer (BN, ReLU, 1×1 to 4k, BN, ReLU, 3×3 to k) sees
 * the outputs of all layers before it, concatenated; between them transitions (BN, ReLU, 1×1 to ⌊θ·channels⌋, 2×2 average
 * pooling, which rounds down); BN, ReLU, global average pooling, linear layer to the logits.
 *
 * The paper's depths are 6n + 4: n layers a block (100, 190, 250). Other even depths share their layers out as equally
 * as they can, later blocks having one more: 90 is 14, 14, 15 and 80 is 12, 13, 13. So DenseNet-112-33, 90-60, 80-80 and
 * 80-120 of Born-Again Networks (Furlanello et al., 2018) have 6.9, 15.5, 22.7 and 51.1 million parameters at 10 classes,
 * where that paper prints 6.3, 16.1, 22.4 and 50.4 without saying how its blocks are cut (106-33, as its text also calls
 * the first, has 6.3). DenseNet-BC-100-12 has 769,162.
 *
 * Batch normalisation: momentum 0.9, ε 1e-5. Weights: He normal by fan-out, variance 2 / (k² c_out), as in the authors'
 * code (convolutions), Glorot uniform (last). Convolutions have no bias. Names of weights: see {@link resNet}.
 *
 * @throws ModelConfigurationError for a depth that is odd or below 10, a growth rate that is no positive integer, a compression
 *   outside (0, 1] or that leaves no channel, a rate outside [0, 1), inputs that are no images or smaller than 4×4
 * @example
 * const makeModel = denseNet({ depth: 100, growthRate: 12 });
 * const model = makeModel({ seed: 1, inputShape: [32, 32, 3], classes: 10 });
 */
export function denseNet(options: DenseNetOptions): ModelFactory {
  const { depth, growthRate, compression = 0.5, dropout = 0, classifier = true } = options;
  const blocks = layersOfBlocks(depth);
  requireInteger('denseNet: growthRate', growthRate, 1);
  requireDropoutRate('denseNet', dropout);
  if (!(compression > 0 && compression <= 1)) {
    throw new ModelConfigurationError(`denseNet: compression: expected a number in (0, 1], got ${compression}`);
  }
  return (context) => {
    requireContext('denseNet', context, [3]);
    requireSide('denseNet', context.inputShape, SMALLEST_SIDE);
    const build = layerBuilder(context, { gain: 2, fan: 'out' });
    const activation = (y: tf.SymbolicTensor, path: string, suffix = '') =>
      build.relu(build.normalisation(y, `${path}/norm${suffix}`), `${path}/relu${suffix}`);

    const input = build.input();
    let x = build.convolution(input, 'stem/conv', { filters: 2 * growthRate, kernelSize: 3 });
    blocks.forEach((layers, block) => {
      for (let layer = 1; layer <= layers; layer++) {
        const path = `block${block + 1}/layer${layer}`;
        let y = activation(x, path, '1');
        y = build.convolution(y, `${path}/conv1`, { filters: BOTTLENECK * growthRate, kernelSize: 1 });
        y = activation(build.dropout(y, `${path}/dropout1`, dropout), path, '2');
        y = build.convolution(y, `${path}/conv2`, { filters: growthRate, kernelSize: 3 });
        x = build.concatenate(x, build.dropout(y, `${path}/dropout2`, dropout), `${path}/concat`);
      }
      if (block === DENSE_BLOCKS - 1) return;
      const path = `transition${block + 1}`;
      const filters = Math.floor(compression * x.shape.at(-1)!);
      requireInteger(`denseNet: channels after compression by ${compression}`, filters, 1);
      x = build.convolution(activation(x, path), `${path}/conv`, { filters, kernelSize: 1 });
      x = build.averagePooling(build.dropout(x, `${path}/dropout`, dropout), `${path}/pool`);
    });
    x = build.globalAveragePooling(activation(x, 'head'), 'head/pool');
    const outputs = classifier ? build.logits(x) : x;
    return tf.model({ inputs: input, outputs, name: `dense-net-${depth}-${growthRate}` });
  };
}
