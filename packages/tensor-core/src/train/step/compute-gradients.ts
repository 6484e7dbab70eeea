import * as tf from '@tensorflow/tfjs';
import { type LossValue, lossTerms } from './loss-value.js';

/** Loss and gradients of one forward and backward pass, on the engine. */
export interface ComputedGradients {
  readonly total: tf.Scalar;
  /** Undefined where the loss has no named terms. */
  readonly terms: Readonly<Record<string, tf.Scalar>> | undefined;
  readonly gradients: tf.NamedTensorMap;
}

/** Forward and backward. The caller disposes the result. */
export function computeGradients(variables: readonly tf.Variable[], loss: () => LossValue): ComputedGradients {
  let terms: Record<string, tf.Scalar> | undefined;
  let failure: { error: unknown } | null = null;
  // TensorFlow.js never frees what a forward pass saved for the backward pass when it throws: let it end, then throw.
  const forward = (): tf.Scalar => {
    try {
      const value = lossTerms(loss());
      if (value.terms !== undefined) {
        // Kept, because the gradient function frees everything but the total.
        const kept = Object.entries(value.terms).map(([name, term]) => [name, tf.keep(tf.clone(term))] as const);
        terms = Object.fromEntries(kept) as Record<string, tf.Scalar>;
      }
      return value.total;
    } catch (error) {
      failure = { error };
      return tf.scalar(0);
    }
  };
  try {
    const { value, grads } = tf.tidy(() => tf.variableGrads(forward, [...variables]));
    return { total: value, terms, gradients: grads };
  } catch (error) {
    if (terms !== undefined) tf.dispose(terms);
    throw failure === null ? error : (failure as { error: unknown }).error;
  }
}
