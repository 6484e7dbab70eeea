import * as tf from '@tensorflow/tfjs';

/** Folds the padding of one axis back onto the values it mirrors. */
function fold(dy: tf.Tensor, axis: number, before: number, after: number, size: number, edge: 0 | 1): tf.Tensor {
  const part = (start: number, length: number) => {
    const begin = dy.shape.map((_, i) => (i === axis ? start : 0));
    return tf.slice(
      dy,
      begin,
      dy.shape.map((n, i) => (i === axis ? length : n)),
    );
  };
  const placed = (piece: tf.Tensor, start: number) => {
    const length = piece.shape[axis]!;
    const paddings = dy.shape.map((_, i) => (i === axis ? [start, size - start - length] : [0, 0])) as [
      number,
      number,
    ][];
    return tf.pad(tf.reverse(piece, axis), paddings);
  };
  let sum = part(before, size);
  // With `reflect` the outermost value itself is not repeated.
  if (before > 0) sum = tf.add(sum, placed(part(0, before), edge));
  if (after > 0) sum = tf.add(sum, placed(part(before + size, after), size - edge - after));
  return sum;
}

/** Mirrored padding: what flows into the padding goes to the values that were mirrored; TensorFlow.js drops it. */
export const mirrorPadGradient: tf.GradConfig = {
  kernelName: tf.MirrorPad,
  inputsToSave: ['x'],
  gradFunc: (dy, saved, attrs) => {
    const x = saved[0]!;
    const { paddings, mode } = attrs as unknown as tf.MirrorPadAttrs;
    const edge = mode === 'reflect' ? 1 : 0;
    return {
      x: () =>
        paddings.reduce(
          (sum, [before, after], axis) => fold(sum, axis, before, after, x.shape[axis]!, edge),
          dy as tf.Tensor,
        ),
    };
  },
};
