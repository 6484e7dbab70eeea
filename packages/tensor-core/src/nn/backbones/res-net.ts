import * as tf from '@tensorflow/tfjs';
import { ModelConfigurationError, type ModelFactory, requireContext, requireInteger } from '../model-factory.js';
import { type LayerBuilder, layerBuilder } from './layer-builder.js';

/** Options of {@link resNet}. */
export interface ResNetOptions {
  /** Number of layers with kernels on the main path. */
  readonly depth: 18 | 34 | 50;
  /**
   * What stands before the first stage. `imagenet` (default): 7×7 convolution at stride 2, then 3×3 max pooling at stride
   * 2. `cifar`: 3×3 convolution at stride 1 without pooling, for images of about 32×32.
   */
  readonly stem?: 'cifar' | 'imagenet';
  /** Channels w of the first stage; the others have 2w, 4w and 8w (bottleneck: four times as many). Default 64. */
  readonly width?: number;
  /** false leaves out the last layer: the model gives the pooled embedding. Default true. */
  readonly classifier?: boolean;
}

type Symbolic = tf.SymbolicTensor;

const STAGES = {
  18: { blocks: [2, 2, 2, 2], bottleneck: false },
  34: { blocks: [3, 4, 6, 3], bottleneck: false },
  50: { blocks: [3, 4, 6, 3], bottleneck: true },
} as const;

/** Output channels of a bottleneck block ÷ channels of its 3×3 convolution. */
const EXPANSION = 4;

interface Block {
  readonly name: string;
  readonly width: number;
  readonly strides: number;
}

/** The two or three convolutions of a block, each with its normalisation, ReLU between them. */
function residual(build: LayerBuilder, x: Symbolic, { name, width, strides }: Block, bottleneck: boolean): Symbolic {
  const convolutions = bottleneck
    ? [
        { filters: width, kernelSize: 1 },
        { filters: width, kernelSize: 3, strides },
        { filters: EXPANSION * width, kernelSize: 1 },
      ]
    : [
        { filters: width, kernelSize: 3, strides },
        { filters: width, kernelSize: 3 },
      ];
  return convolutions.reduce((y, options, i) => {
    const input = i === 0 ? y : build.relu(y, `${name}/relu${i}`);
    return build.normalisation(build.convolution(input, `${name}/conv${i + 1}`, options), `${name}/norm${i + 1}`);
  }, x);
}

function residualBlock(build: LayerBuilder, x: Symbolic, block: Block, bottleneck: boolean): Symbolic {
  const { name, strides } = block;
  const y = residual(build, x, block, bottleneck);
  const filters = y.shape.at(-1)!;
  let shortcut = x;
  if (strides !== 1 || x.shape.at(-1) !== filters) {
    shortcut = build.convolution(x, `${name}/shortcut/conv`, { filters, kernelSize: 1, strides });
    shortcut = build.normalisation(shortcut, `${name}/shortcut/norm`);
  }
  return build.relu(build.add(y, shortcut, `${name}/add`), `${name}/relu`);
}

/**
 * Residual network ResNet-18, -34 or -50 (He et al., 2016), layer for layer that of torchvision.
 *
 * Stem; four stages of blocks y = ReLU(F(x) + s(x)), the first block of stages 2, 3, 4 at stride 2; global average
 * pooling; linear layer to the logits. F is 3×3, 3×3 (18, 34) or 1×1, 3×3, 1×1 (50; the stride is in the 3×3), each
 * followed by batch normalisation and, but for the last, ReLU. s is the input, or a normalised 1×1 projection where the shape
 * changes. Convolutions and the pooling of the stem pad symmetrically, at stride 2 as well, and have no bias. So PyTorch's
 * weights give PyTorch's outputs.
 *
 * Batch normalisation: momentum 0.9 (PyTorch counts the other way: 0.1), ε 1e-5; moving variances are of the batch
 * without PyTorch's n / (n − 1). Weights: He normal by fan-out, variance 2 / (k² c_out) (convolutions), Glorot uniform
 * (last). Images of any size: a stride of 2 rounds up. An embedding has 8w values, 32w of ResNet-50: 512 and 2,048. With
 * 1,000 classes: 11,689,512, 21,797,672 and 25,557,032 parameters.
 *
 * **Names of weights** (stable): the path of the layer, then
 * `kernel` (and `bias` of the last layer) or `gamma`, `beta`, `moving_mean`, `moving_variance`. Stages, blocks, layers,
 * convolutions count from 1. Weightless layers have paths too: the output of a block is that of `stage1/block1/relu`.
 *
 * | network | paths of layers with weights |
 * | --- | --- |
 * | resNet | `stem/conv`, `stem/norm`, `stage1/block1/conv1`, `stage1/block1/norm1`, … `conv3`, `norm3` (50), `stage2/block1/shortcut/conv`, `stage2/block1/shortcut/norm`, `logits` |
 * | denseNet | `stem/conv`, `block1/layer1/norm1`, `block1/layer1/conv1`, `…/norm2`, `…/conv2`, `transition1/norm`, `transition1/conv`, `head/norm`, `logits` |
 * | convLarge | `block1/conv1`, `block1/norm1`, … `block3/norm3`, `logits` |
 * | wideResNet (a scheme of its own) | `stem`, `stage-1-block-1-1-norm`, `stage-1-block-1-1-conv`, … `2-norm`, `2-conv`, `stage-2-block-1-projection`, `head-norm`, `logits` |
 *
 * torchvision's names for resNet: `stem/conv` conv1, `stem/norm` bn1, `stage1/block1/conv1` layer1.0.conv1, `norm1` bn1,
 * `shortcut/conv` downsample.0, `shortcut/norm` downsample.1, `logits` fc; kernels go from `[out, in, h, w]` to
 * `[h, w, in, out]`, that of fc is transposed.
 *
 * @throws ModelConfigurationError for another depth or stem, a width that is no positive integer, or inputs that are no
 *   images
 * @example
 * const makeModel = resNet({ depth: 18, stem: 'cifar' });
 * const model = makeModel({ seed: 1, inputShape: [32, 32, 3], classes: 10 }); // 11,173,962 parameters
 */
export function resNet({ depth, stem = 'imagenet', width = 64, classifier = true }: ResNetOptions): ModelFactory {
  requireInteger('resNet: width', width, 1);
  if (!Object.hasOwn(STAGES, depth)) {
    throw new ModelConfigurationError(`resNet: depth: expected 18, 34 or 50, got ${depth}`);
  }
  if (stem !== 'cifar' && stem !== 'imagenet') {
    throw new ModelConfigurationError(`resNet: stem: expected 'cifar' or 'imagenet', got '${stem}'`);
  }
  const { blocks, bottleneck } = STAGES[depth];
  return (context) => {
    requireContext('resNet', context, [3]);
    const build = layerBuilder(context, { gain: 2, fan: 'out' });
    const input = build.input();
    const stemSize = stem === 'cifar' ? { kernelSize: 3 } : { kernelSize: 7, strides: 2 };
    let x = build.convolution(input, 'stem/conv', { filters: width, ...stemSize });
    x = build.relu(build.normalisation(x, 'stem/norm'), 'stem/relu');
    if (stem === 'imagenet') x = build.maxPooling(x, 'stem/pool', 3, 1);
    blocks.forEach((count, stage) => {
      for (let block = 0; block < count; block++) {
        const name = `stage${stage + 1}/block${block + 1}`;
        const strides = stage > 0 && block === 0 ? 2 : 1;
        x = residualBlock(build, x, { name, width: width * 2 ** stage, strides }, bottleneck);
      }
    });
    x = build.globalAveragePooling(x, 'head/pool');
    return tf.model({ inputs: input, outputs: classifier ? build.logits(x) : x, name: `res-net-${depth}` });
  };
}
