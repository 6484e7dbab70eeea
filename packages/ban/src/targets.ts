import * as tf from '@tensorflow/tfjs';
import { requireLogits } from './checks.js';
import { MissingInputError, OptionError, PermutationError } from './errors.js';
import { type BanMode, parseMode } from './mode.js';

/** A permutation of the non-argmax classes for each sample: `[B, C − 1]` int32, or the same row-major in an array. */
export type Permutation = Int32Array | tf.Tensor2D;

/** Options of {@link banTargets}. */
export interface BanTargetsOptions {
  /** `ban`, `ban+l`, `dkpp` or `smoothMax`; `ce` and `cwtm` have no target distribution. Default `ban`. */
  readonly mode?: BanMode;
  /** `dkpp` only: φ of eq. 11, from {@link drawPermutations} or {@link fixedPermutations}. */
  readonly permutation?: Permutation;
  /** `ban` and `ban+l` only: T > 0 of softmax(t / T). Default 1, the paper's value. */
  readonly temperature?: number;
}

/**
 * The distributions a student is trained towards. No gradient flows through them in {@link banLoss}.
 *
 * - `ban`, `ban+l`: p = softmax(t / T), the target of eq. 2
 * - `dkpp`: p̃ of eq. 11: p keeps its maximum at a = argmax p, the other values move:
 *   p̃[nonArg[j]] = p[nonArg[π[j]]], nonArg = the class ids ≠ a in ascending order
 * - `smoothMax`: max p at a, (1 − max p) / (C − 1) elsewhere: the mean of p̃ over all π
 *
 * Ties of the maximum: lowest index.
 *
 * @param teacherLogits t, `[B, C]` float32
 * @returns `[B, C]` float32, rows sum to 1; the caller disposes it
 * @throws LogitsError, EmptyBatchError for other logits; OptionError for a mode without targets, a temperature ≤ 0 or one
 * in another mode, C < 2 in `dkpp` and `smoothMax`; MissingInputError, PermutationError for `dkpp`'s permutation
 * @example
 * const targets = banTargets(teacherLogits, { mode: 'smoothMax' });
 */
export function banTargets(teacherLogits: tf.Tensor2D, options: BanTargetsOptions = {}): tf.Tensor2D {
  const mode = parseMode(options.mode ?? 'ban');
  const temperature = requireTemperature(mode, options.temperature);
  const [batch, classes] = requireLogits('teacherLogits', teacherLogits);
  if (mode === 'ce' || mode === 'cwtm') {
    const instead = mode === 'ce' ? 'it learns from labels alone' : 'see confidenceWeights for its sample weights';
    throw new OptionError(`mode '${mode}' has no target distribution: ${instead}`);
  }
  if (mode === 'ban' || mode === 'ban+l') {
    return tf.tidy(() => tf.softmax(temperature === 1 ? teacherLogits : teacherLogits.div<tf.Tensor2D>(temperature)));
  }
  if (classes < 2) throw new OptionError(`mode '${mode}': expected at least 2 classes, got ${classes}`);
  if (mode === 'smoothMax') return smoothMaxTargets(teacherLogits, classes);
  if (!options.permutation) {
    throw new MissingInputError("mode 'dkpp' needs a permutation: give drawPermutations(batch, classes, rng)");
  }
  return permutedTargets(teacherLogits, options.permutation, batch, classes);
}

/**
 * a = argmax_i p_i, the class that the teacher prefers. Ties: lowest index.
 *
 * @param teacherLogits t, `[B, C]` float32
 * @returns `[B]` int32; the caller disposes it
 * @throws LogitsError, EmptyBatchError for other logits
 */
export function teacherArgmax(teacherLogits: tf.Tensor2D): tf.Tensor1D {
  requireLogits('teacherLogits', teacherLogits);
  return tf.argMax(teacherLogits, 1);
}

/** @internal The temperature of the teacher term; throws where a mode takes none. */
export function requireTemperature(mode: BanMode, temperature = 1): number {
  if (!(temperature > 0 && Number.isFinite(temperature))) {
    throw new OptionError(`temperature: expected a number above 0, got ${temperature}`);
  }
  if (temperature !== 1 && mode !== 'ban' && mode !== 'ban+l') {
    throw new OptionError(`temperature: mode '${mode}' takes none (only ban and ban+l do), got ${temperature}`);
  }
  return temperature;
}

function smoothMaxTargets(teacherLogits: tf.Tensor2D, classes: number): tf.Tensor2D {
  return tf.tidy(() => {
    const p = tf.softmax(teacherLogits);
    const atMaximum = tf.oneHot(teacherArgmax(teacherLogits), classes, 1, 0, 'float32');
    const elsewhere = tf.sub(1, atMaximum);
    // Summing the rest instead of 1 − max keeps its digits when the teacher is nearly certain.
    const rest = p
      .mul(elsewhere)
      .sum(1, true)
      .div(classes - 1); // [B, 1]
    return p.mul(atMaximum).add(rest.mul(elsewhere)) as tf.Tensor2D;
  });
}

function permutedTargets(
  teacherLogits: tf.Tensor2D,
  permutation: Permutation,
  batch: number,
  classes: number,
): tf.Tensor2D {
  requirePermutation(permutation, batch, classes);
  return tf.tidy(() => {
    const pi = permutation instanceof tf.Tensor ? permutation : tf.tensor2d(permutation, [batch, classes - 1], 'int32');
    const argmax = teacherArgmax(teacherLogits).expandDims(1); // [B, 1]
    const classIds = tf.range(0, classes, 1, 'int32').expandDims(0); // [1, C]
    const isArgmax = tf.equal(classIds, argmax); // [B, C]
    // Class id → its place j among the non-argmax classes; the argmax itself (no place) is set aside below.
    const place = classIds.sub(tf.greater(classIds, argmax).cast('int32')); // [B, C]
    const drawn = takeFromRows(pi, tf.minimum(place, tf.scalar(classes - 2, 'int32')), classes - 1);
    // Place π[j] → class id.
    const sourceClass = drawn.add(tf.greaterEqual(drawn, argmax).cast('int32'));
    const source = tf.where(isArgmax, argmax.tile([1, classes]), sourceClass);
    return takeFromRows(tf.softmax(teacherLogits), source, classes) as tf.Tensor2D;
  });
}

/** values[s][index[s][i]]: `[B, W]` by `[B, C]` → `[B, C]`. */
function takeFromRows(values: tf.Tensor, index: tf.Tensor, width: number): tf.Tensor {
  const [batch, columns] = index.shape as [number, number];
  const rowStart = tf.range(0, batch * width, width, 'int32').expandDims(1); // [B, 1]
  return tf.gather(values.reshape([-1]), index.add(rowStart).reshape([-1])).reshape([batch, columns]);
}

function requirePermutation(permutation: Permutation, batch: number, classes: number): void {
  const width = classes - 1;
  if (permutation instanceof tf.Tensor) {
    const [rows, columns] = permutation.shape;
    if (permutation.rank !== 2 || rows !== batch || columns !== width || permutation.dtype !== 'int32') {
      throw new PermutationError(
        `permutation: expected [${batch}, ${width}] int32, got [${permutation.shape.join(', ')}] ${permutation.dtype}`,
      );
    }
    return;
  }
  if (permutation.length !== batch * width) {
    throw new PermutationError(
      `permutation: expected ${batch} × ${width} = ${batch * width} values, got ${permutation.length}`,
    );
  }
  requirePermutationValues(permutation, width);
}

/** @internal Throws when a row is no permutation of 0 … width − 1. */
export function requirePermutationValues(permutation: ArrayLike<number>, width: number): void {
  for (let start = 0; start < permutation.length; start += width) {
    const row = Array.from({ length: width }, (_, j) => permutation[start + j]!);
    const seen = new Set(row.filter((place) => Number.isInteger(place) && place >= 0 && place < width));
    if (seen.size !== width) {
      throw new PermutationError(
        `permutation: row ${start / width} is [${row.join(', ')}]; expected each of 0 … ${width - 1} once`,
      );
    }
  }
}
