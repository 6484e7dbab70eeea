import * as tf from '@tensorflow/tfjs';
import { EmbeddingsError } from '../errors.js';

/** What a {@link TripletTerm} writes, for each triplet. */
export interface TermOutput {
  readonly loss: Float64Array;
  /** dL/dS_ap. */
  readonly positiveSlope: Float64Array;
  /** dL/dS_an. */
  readonly negativeSlope: Float64Array;
  /** Which part of the loss an element belongs to, for a term of two parts. Left at 0 by the others. */
  readonly part: Uint8Array;
}

/**
 * The loss of one triplet as a function of how close its positive and its negative are: S_ap and S_an, which are similarities, or distances
 * times −1. Losses over batches, single triplets and the analysis all take it, so a term of your own works everywhere.
 */
export interface TripletTerm {
  readonly name: string;
  /** 2 where the elements fall into two parts that are reduced on their own and added. Default 1. */
  readonly parts?: 1 | 2;
  /** Writes loss and slopes of the first `count` triplets. */
  evaluate(positive: Float64Array, negative: Float64Array, count: number, output: TermOutput): void;
}

/** Room for the output of `count` triplets. */
export function termOutput(count: number): TermOutput {
  return {
    loss: new Float64Array(count),
    positiveSlope: new Float64Array(count),
    negativeSlope: new Float64Array(count),
    part: new Uint8Array(count),
  };
}

/** The term of each triplet, from its similarities. */
export function evaluateTerm(term: TripletTerm, positive: ArrayLike<number>, negative: ArrayLike<number>): TermOutput {
  const output = termOutput(positive.length);
  term.evaluate(new Float64Array(positive), new Float64Array(negative), positive.length, output);
  return output;
}

/**
 * The losses of single triplets, not reduced: what a loss is without its mining, distance and reducer.
 *
 * Differentiable once, as everything here.
 *
 * @param positive S_ap, `[T]` float32; for distances their negatives
 * @param negative S_an, `[T]` float32
 * @returns `[T]` float32; the caller disposes it
 * @throws EmbeddingsError for other shapes
 * @example
 * const losses = tripletLosses(ncaTerm({ temperature: 1 }), similarities, otherSimilarities);
 */
export function tripletLosses(term: TripletTerm, positive: tf.Tensor1D, negative: tf.Tensor1D): tf.Tensor1D {
  for (const side of [positive, negative]) {
    if (side?.rank !== 1 || side.dtype !== 'float32' || side.shape[0] !== positive.shape[0]) {
      throw new EmbeddingsError('tripletLosses: expected two lists [T] float32 of one length');
    }
  }
  const operation = tf.customGrad((...inputs) => {
    const [ap, an] = inputs as [tf.Tensor1D, tf.Tensor1D];
    const { loss, positiveSlope, negativeSlope } = evaluateTerm(term, ap.dataSync(), an.dataSync());
    const times = (slopes: Float64Array, dy: ArrayLike<number>) =>
      tf.tensor1d(Float32Array.from(slopes, (slope, i) => slope * dy[i]!));
    return {
      value: tf.tensor1d(Float32Array.from(loss)),
      gradFunc: (dy: tf.Tensor) => [times(positiveSlope, dy.dataSync()), times(negativeSlope, dy.dataSync())],
    };
  });
  return operation(positive, negative) as tf.Tensor1D;
}
