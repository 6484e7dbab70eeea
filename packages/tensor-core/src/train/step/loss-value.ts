import * as tf from '@tensorflow/tfjs';
import { LossShapeError } from '../errors.js';

/** What a loss function returns: a scalar; named scalars, whose sum is minimised; or a total with parts that are only logged. */
export type LossValue =
  | tf.Tensor
  | Readonly<Record<string, tf.Tensor>>
  | { readonly total: tf.Tensor; readonly parts: Readonly<Record<string, tf.Tensor>> };

/** A loss in one form. */
export interface LossTerms {
  readonly total: tf.Scalar;
  /** Undefined where the loss has no named terms. */
  readonly terms: Readonly<Record<string, tf.Scalar>> | undefined;
}

function isTensor(value: unknown): value is tf.Tensor {
  return typeof (value as tf.Tensor | undefined)?.rank === 'number';
}

function requireScalar(what: string, value: unknown): tf.Scalar {
  if (!isTensor(value) || value.rank !== 0) {
    const got = isTensor(value) ? `shape [${value.shape.join(', ')}]` : String(value);
    throw new LossShapeError(`${what}: expected a scalar, got ${got}; take the mean over the batch`);
  }
  return value as tf.Scalar;
}

function requireTerms(terms: Readonly<Record<string, unknown>>): Record<string, tf.Scalar> {
  return Object.fromEntries(
    Object.entries(terms).map(([name, term]) => [name, requireScalar(`loss ${name}`, term)] as const),
  );
}

/** Brings what a loss function returned into one form. @throws LossShapeError for anything but scalars */
export function lossTerms(value: LossValue): LossTerms {
  if (isTensor(value)) return { total: requireScalar('loss', value), terms: undefined };
  const { total, parts } = (value ?? {}) as { total?: unknown; parts?: unknown };
  if (isTensor(total) && typeof parts === 'object' && parts !== null && !isTensor(parts)) {
    return { total: requireScalar('loss total', total), terms: requireTerms(parts as Record<string, unknown>) };
  }
  const terms = requireTerms((value ?? {}) as Record<string, unknown>);
  const scalars = Object.values(terms);
  if (scalars.length === 0) throw new LossShapeError('loss: expected a scalar or named scalars, got nothing');
  return { total: scalars.length === 1 ? scalars[0]! : (tf.addN(scalars) as tf.Scalar), terms };
}
