import * as tf from '@tensorflow/tfjs';

/** What the attributes of all convolution kernels have in common. */
interface ConvolutionAttrs {
  readonly strides: number | [number, number];
  readonly pad: unknown;
  readonly dataFormat: string;
}

/**
 * A convolution kernel that is asked for stride 1 along an axis along which the filter covers the whole image: there is one step, of whatever
 * length. With a longer stride oneDNN reads the wrong memory where the batch has more than one image of one channel.
 *
 * @param shapes of image and filter
 */
const withNeededStrides =
  (shapes: (call: Parameters<tf.KernelFunc>[0]) => [image: readonly number[], filter: readonly number[]]) =>
  (stock: tf.KernelConfig): tf.KernelConfig => ({
    ...stock,
    kernelFunc: (call) => {
      const { strides, pad, dataFormat } = call.attrs as unknown as ConvolutionAttrs;
      const [down, right] = typeof strides === 'number' ? [strides, strides] : strides;
      if (pad !== 'valid' || dataFormat !== 'NHWC' || (down === 1 && right === 1)) return stock.kernelFunc(call);
      const [image, filter] = shapes(call);
      const needed = [image[1] === filter[0] ? 1 : down, image[2] === filter[1] ? 1 : right];
      return stock.kernelFunc({ ...call, attrs: { ...call.attrs, strides: needed } as tf.NamedAttrMap });
    },
  });

const inputShapes = ({ inputs }: Parameters<tf.KernelFunc>[0]): [readonly number[], readonly number[]] => [
  (inputs.x as tf.TensorInfo).shape,
  (inputs.filter as tf.TensorInfo).shape,
];

/** With fewer input channels than a vector of AVX-512 holds, oneDNN's gradient of a strided 1 × 1 filter writes outside its memory. */
const fewChannels = 16;

/**
 * The gradient of a 1 × 1 filter with a stride, as that of stride 1 on the pixels that the filter sees: where there are few channels, oneDNN
 * ends the process with the stride. With more it does not, and taking the pixels first would cost more than the gradient.
 */
const filterGradOfSeenPixels = (stock: tf.KernelConfig): tf.KernelConfig => ({
  ...stock,
  kernelFunc: (call) => {
    const x = call.inputs.x as tf.Tensor4D;
    const { strides, pad, dataFormat, filterShape } = call.attrs as unknown as tf.Conv2DBackpropFilterAttrs;
    const [down, right] = typeof strides === 'number' ? [strides, strides] : strides;
    const isPoint = filterShape[0] === 1 && filterShape[1] === 1 && (pad === 'valid' || pad === 'same');
    const isSound = !isPoint || filterShape[2] >= fewChannels;
    if (isSound || dataFormat !== 'NHWC' || (down === 1 && right === 1)) return stock.kernelFunc(call);
    const seen = tf.stridedSlice(x, [0, 0, 0, 0], x.shape, [1, down, right, 1]);
    try {
      const attrs = { ...call.attrs, strides: [1, 1] } as tf.NamedAttrMap;
      return stock.kernelFunc({ ...call, inputs: { ...call.inputs, x: seen }, attrs });
    } finally {
      seen.dispose();
    }
  },
});

/** Stock kernels by name, and what takes their place. */
export const repairedConvolutions: Readonly<Record<string, (stock: tf.KernelConfig) => tf.KernelConfig>> = {
  [tf.Conv2D]: withNeededStrides(inputShapes),
  [tf.FusedConv2D]: withNeededStrides(inputShapes),
  [tf.Conv2DBackpropFilter]: (stock) =>
    filterGradOfSeenPixels(
      withNeededStrides(({ inputs, attrs }) => [
        (inputs.x as tf.TensorInfo).shape,
        (attrs as unknown as tf.Conv2DBackpropFilterAttrs).filterShape,
      ])(stock),
    ),
  [tf.Conv2DBackpropInput]: withNeededStrides(({ inputs, attrs }) => [
    (attrs as unknown as tf.Conv2DBackpropInputAttrs).inputShape,
    (inputs.filter as tf.TensorInfo).shape,
  ]),
};
