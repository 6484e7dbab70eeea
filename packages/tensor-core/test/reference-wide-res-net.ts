import type * as tf from '@tensorflow/tfjs';

/** One image: `values[(row * side + column) * channels + channel]`. */
interface Image {
  readonly side: number;
  readonly channels: number;
  readonly values: readonly number[];
}

type Weights = (layer: string) => number[][];

/** Convolution with a kernel `[size, size, from, to]` and zeros around: out(r, c) sums over what lies at stride · (r, c) − padding. */
function convolution(image: Image, kernel: readonly number[], size: 1 | 3, stride: number): Image {
  const padding = size === 3 ? 1 : 0;
  const { side, channels: from, values } = image;
  const to = kernel.length / (size * size * from);
  const outSide = Math.floor((side + 2 * padding - size) / stride) + 1;
  const out: number[] = [];
  for (let row = 0; row < outSide; row++) {
    for (let column = 0; column < outSide; column++) {
      for (let channel = 0; channel < to; channel++) {
        let sum = 0;
        for (let i = 0; i < size; i++) {
          for (let j = 0; j < size; j++) {
            const y = row * stride + i - padding;
            const x = column * stride + j - padding;
            if (y < 0 || x < 0 || y >= side || x >= side) continue;
            for (let k = 0; k < from; k++) {
              sum += values[(y * side + x) * from + k]! * kernel[((i * size + j) * from + k) * to + channel]!;
            }
          }
        }
        out.push(sum);
      }
    }
  }
  return { side: outSide, channels: to, values: out };
}

/** Batch normalisation with stored statistics (γ, β, mean, variance), then ReLU. */
function activation(image: Image, [gamma, beta, mean, variance]: number[][]): Image {
  const values = image.values.map((value, i) => {
    const k = i % image.channels;
    return Math.max(0, (gamma![k]! * (value - mean![k]!)) / Math.sqrt(variance![k]! + 1e-5) + beta![k]!);
  });
  return { ...image, values };
}

/** Logits of WRN-10-k for one square image, in plain loops; weights are read from the model layer by layer. */
export function referenceWideResNet10(model: tf.LayersModel, side: number, pixels: readonly number[]): number[] {
  const weights: Weights = (layer) =>
    model
      .getLayer(layer)
      .getWeights()
      .map((weight) => Array.from(weight.dataSync()));
  let x: Image = { side, channels: pixels.length / side ** 2, values: pixels };
  x = convolution(x, weights('stem')[0]!, 3, 1);
  for (const [stage, stride] of [
    [1, 1],
    [2, 2],
    [3, 2],
  ] as const) {
    const block = `stage-${stage}-block-1`;
    const activated = activation(x, weights(`${block}-1-norm`));
    let y = convolution(activated, weights(`${block}-1-conv`)[0]!, 3, stride);
    y = convolution(activation(y, weights(`${block}-2-norm`)), weights(`${block}-2-conv`)[0]!, 3, 1);
    const projects = stride !== 1 || x.channels !== y.channels;
    const shortcut = projects ? convolution(activated, weights(`${block}-projection`)[0]!, 1, stride) : x;
    x = { ...y, values: y.values.map((value, i) => value + shortcut.values[i]!) };
  }
  x = activation(x, weights('head-norm'));
  const positions = x.side ** 2;
  const pooled = Array.from({ length: x.channels }, (_, k) => {
    let sum = 0;
    for (let p = 0; p < positions; p++) sum += x.values[p * x.channels + k]!;
    return sum / positions;
  });
  const [kernel, bias] = weights('logits') as [number[], number[]];
  return bias.map((b, c) => pooled.reduce((sum, value, k) => sum + value * kernel[k * bias.length + c]!, b));
}
