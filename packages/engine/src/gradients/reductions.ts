import * as tf from '@tensorflow/tfjs';

/** dy of a reduction over `axes`, repeated along them. */
function repeat(dy: tf.Tensor, axes: readonly number[], shape: readonly number[]): tf.Tensor {
  const kept = shape.map((size, i) => (axes.includes(i) ? 1 : size));
  return tf.broadcastTo(tf.reshape(dy, kept), [...shape]);
}

const axesOf = (axis: number | number[] | undefined, shape: number[]) => tf.util.parseAxisParam(axis!, shape);

/** dx = dy, repeated; the stock one makes ones of the size of x in JavaScript and multiplies. */
export const sumGradient: tf.GradConfig = {
  kernelName: tf.Sum,
  inputsToSave: ['x'],
  gradFunc: (dy, saved, attrs) => {
    const { shape } = saved[0]!;
    const axes = axesOf((attrs as unknown as tf.SumAttrs).axis, shape);
    return { x: () => repeat(dy as tf.Tensor, axes, shape) };
  },
};

/** dx = dy / n, repeated. */
export const meanGradient: tf.GradConfig = {
  kernelName: tf.Mean,
  inputsToSave: ['x'],
  gradFunc: (dy, saved, attrs) => {
    const { shape } = saved[0]!;
    const axes = axesOf((attrs as unknown as tf.MeanAttrs).axis, shape);
    const count = axes.reduce((product, axis) => product * shape[axis]!, 1);
    return { x: () => repeat(tf.div(dy as tf.Tensor, count), axes, shape) };
  },
};
