import * as tf from '@tensorflow/tfjs';

/** Anything that maps inputs `[B, …]` to logits `[B, C]`: the caller owns what it returns. */
export type LogitsFunction = (x: tf.Tensor) => tf.Tensor;

/** A model with inference and training mode; `tf.LayersModel` is one. */
export interface ApplicableModel {
  apply(x: tf.Tensor, options: { training: boolean }): unknown;
}

/** Something that classifies: a model, or a function that returns logits. */
export type Classifier = ApplicableModel | LogitsFunction;

/**
 * The logits of a classifier in inference mode: no dropout, moving statistics in batch normalisation.
 *
 * @returns `[B, C]`; the caller disposes it
 */
export function classify(classifier: Classifier, x: tf.Tensor): tf.Tensor2D {
  return tf.tidy(() => {
    const logits = typeof classifier === 'function' ? classifier(x) : classifier.apply(x, { training: false });
    // A function may hand out a tensor that it keeps; the caller gets one of its own.
    return (logits as tf.Tensor2D).clone();
  });
}
