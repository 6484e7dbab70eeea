import { requireInteger, requireLength } from './checks.js';
import { OptionError } from './errors.js';

/** Options of {@link voteLabels}. */
export interface VoteOptions {
  /** Number of classes C. */
  readonly classes: number;
  /** σ_t: a mean confidence has to be larger. Above 1 nothing is accepted. */
  readonly threshold: number;
}

/** What two labelling heads agree on. */
export interface Votes {
  /** `[N]` 1 where both heads prefer the same class. */
  readonly agree: Uint8Array;
  /** `[N]` mean of the two heads' largest probabilities. */
  readonly confidence: Float64Array;
  /** Rows that are accepted, ascending. */
  readonly accepted: Int32Array;
  /** Their classes, in the same order. */
  readonly labels: Int32Array;
}

/**
 * Labels by agreement: a row is accepted if argmax p_j = argmax p_h and (max p_j + max p_h) / 2 > σ_t, with that class.
 *
 * Ties of an argmax go to the lowest class. Float32 probabilities are compared with the threshold in float32.
 *
 * @param probJ p_j, `[N × C]` row-major probabilities of one labelling head
 * @param probH p_h, of the other; exchanging the two changes nothing
 * @throws ShapeError, OptionError
 */
export function voteLabels(probJ: ArrayLike<number>, probH: ArrayLike<number>, options: VoteOptions): Votes {
  const { classes, threshold } = options;
  requireInteger('voteLabels: classes', classes, 1);
  if (Number.isNaN(threshold)) throw new OptionError('voteLabels: threshold: expected a number, got NaN');
  requireLength('voteLabels: probH', probH, probJ.length, '[N × C], as many as probJ');
  const rows = probJ.length / classes;
  requireLength('voteLabels: probJ', probJ, Math.floor(rows) * classes, `[N × ${classes}]`);
  const limit = probJ instanceof Float32Array ? Math.fround(threshold) : threshold;
  const agree = new Uint8Array(rows);
  const confidence = new Float64Array(rows);
  const accepted: number[] = [];
  const labels: number[] = [];
  for (let row = 0; row < rows; row++) {
    const j = largestOf(probJ, row * classes, classes);
    const h = largestOf(probH, row * classes, classes);
    agree[row] = j === h ? 1 : 0;
    confidence[row] = (probJ[row * classes + j]! + probH[row * classes + h]!) / 2;
    if (j !== h || !(confidence[row]! > limit)) continue;
    accepted.push(row);
    labels.push(j);
  }
  return { agree, confidence, accepted: Int32Array.from(accepted), labels: Int32Array.from(labels) };
}

/** @internal Which of `classes` values from `start` on is the largest; the lowest among equals. */
export function largestOf(values: ArrayLike<number>, start: number, classes: number): number {
  let best = 0;
  for (let c = 1; c < classes; c++) if (values[start + c]! > values[start + best]!) best = c;
  return best;
}
