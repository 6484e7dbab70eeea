import * as tf from '@tensorflow/tfjs';
import type { BatchLike } from './batch.js';
import { clipByGlobalNorm } from './clip-by-global-norm.js';
import { EmptyBatchError, LossShapeError, NonFiniteInputError } from './errors.js';
import { applyModel, type Trainable } from './trainable.js';

/** Loss and gradients of one batch, on the engine. */
export interface StepResult {
  readonly total: tf.Scalar;
  /** Undefined where the loss has no named terms. */
  readonly terms: Readonly<Record<string, tf.Scalar>> | undefined;
  readonly gradients: tf.NamedTensorMap;
  /** Undefined where nothing is clipped. */
  readonly gradientNorm: tf.Scalar | undefined;
}

/** What a step is computed from. */
export interface StepInput<Item extends BatchLike, Targets> {
  readonly model: Trainable;
  readonly variables: readonly tf.Variable[];
  readonly batch: Item;
  readonly targets: Targets;
  readonly clipNorm: number | undefined;
  loss(logits: tf.Tensor, batch: Item, targets: Targets): tf.Tensor | Record<string, tf.Tensor>;
}

function requireScalar(what: string, value: tf.Tensor): tf.Scalar {
  if (value?.rank !== 0) {
    const got = value?.shape === undefined ? String(value) : `shape [${value.shape.join(', ')}]`;
    throw new LossShapeError(`${what}: expected a scalar, got ${got}; take the mean over the batch`);
  }
  return value as tf.Scalar;
}

function isTensor(value: tf.Tensor | Record<string, tf.Tensor>): value is tf.Tensor {
  return typeof value?.rank === 'number';
}

/** Forward and backward of one batch. The caller disposes the result. */
export function computeStep<Item extends BatchLike, Targets>(input: StepInput<Item, Targets>): StepResult {
  let terms: Record<string, tf.Scalar> | undefined;
  let failure: { error: unknown } | null = null;
  const evaluate = (): tf.Scalar => {
    const logits = applyModel(input.model, input.batch.x, true);
    const loss = input.loss(logits, input.batch, input.targets);
    if (isTensor(loss)) return requireScalar('loss', loss);
    const entries = Object.entries(loss ?? {});
    if (entries.length === 0) throw new LossShapeError('loss: expected a scalar or named scalars, got nothing');
    for (const [name, term] of entries) requireScalar(`loss ${name}`, term);
    // Kept, because the gradient function frees everything but the total.
    terms = Object.fromEntries(entries.map(([name, term]) => [name, tf.keep(tf.clone(term)) as tf.Scalar]));
    return entries.length === 1 ? (entries[0]![1] as tf.Scalar) : tf.addN(entries.map(([, term]) => term as tf.Scalar));
  };
  // TensorFlow.js never frees what a forward pass saved for the backward pass when it throws: let it end, then throw.
  const forward = (): tf.Scalar => {
    try {
      return evaluate();
    } catch (error) {
      failure = { error };
      return tf.scalar(0);
    }
  };
  try {
    return tf.tidy(() => {
      const { value, grads } = tf.variableGrads(forward, [...input.variables]);
      if (input.clipNorm === undefined) return { total: value, terms, gradients: grads, gradientNorm: undefined };
      const { gradients, norm } = clipByGlobalNorm(grads, input.clipNorm);
      return { total: value, terms, gradients, gradientNorm: norm };
    });
  } catch (error) {
    if (terms !== undefined) tf.dispose(terms);
    throw failure === null ? error : (failure as { error: unknown }).error;
  }
}

/** Frees what a step left on the engine. */
export function disposeStep(step: StepResult): void {
  tf.dispose([step.total, step.gradients]);
  step.gradientNorm?.dispose();
  if (step.terms !== undefined) tf.dispose(step.terms);
}

/** Reads one number back. */
export async function readScalar(value: tf.Scalar): Promise<number> {
  return (await value.data())[0]!;
}

/**
 * Checks that a batch holds examples and that its inputs are finite.
 *
 * The sum of all inputs is finite only when each of them is; the rows are looked at only when it is not. Some engines drop
 * NaN in a ReLU, so that the loss alone would not show it.
 */
export async function checkBatch(batch: BatchLike, at: { epoch: number; batch: number }): Promise<void> {
  const { x } = batch;
  const rows = x.shape[0] ?? 0;
  if (rows === 0 || x.size === 0) {
    throw new EmptyBatchError(
      `batch ${at.batch} of epoch ${at.epoch}: expected at least one example, got shape [${x.shape.join(', ')}]; leave empty batches out`,
    );
  }
  if (x.dtype !== 'float32') return;
  const sum = tf.sum(x) as tf.Scalar;
  const finite = Number.isFinite(await readScalar(sum));
  sum.dispose();
  if (finite) return;
  const values = await x.data();
  const rowSize = x.size / rows;
  const bad = Array.from({ length: rows }, (_, row) => row).filter((row) =>
    values.subarray(row * rowSize, (row + 1) * rowSize).some((value) => !Number.isFinite(value)),
  );
  // Finite inputs may add up to infinity.
  if (bad.length === 0) return;
  const indices = batch.indices === undefined ? null : bad.map((row) => batch.indices![row]!);
  throw new NonFiniteInputError({ ...at, rows: bad, indices });
}
