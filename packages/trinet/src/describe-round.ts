import { headDisagreement } from './head-disagreement.js';
import type { PlannedPhase } from './phases.js';
import type { PseudoLabels } from './pseudo-labels.js';
import type { HeadReport, PseudoLabelErrors, RoundReport, TriNetWarning } from './round-report.js';
import type { TriNet } from './tri-net.js';
import type { TriNetSettings } from './tri-net-options.js';

/** What a round has gathered when its last phase ends. */
export interface GatheredRound {
  readonly heads: readonly HeadReport[];
  readonly losses: readonly number[];
  readonly warnings: readonly TriNetWarning[];
}

/** The report of a finished round: evaluates the net on the unlabelled and the validation data. */
export async function describeRound(
  net: TriNet,
  { unlabeled, validation, trueLabels, evaluationBatchSize: batchSize, classes }: TriNetSettings,
  { kind, round, pool, threshold }: PlannedPhase,
  gathered: GatheredRound,
): Promise<RoundReport> {
  const evaluation = unlabeled.length > 0 ? await net.evaluate(unlabeled, { batchSize }) : null;
  const disagreement = evaluation && headDisagreement(evaluation.headClasses);
  return {
    ...{ round, kind: kind === 'head' ? 'label' : kind, pool, threshold },
    ...gathered,
    disagreement: disagreement?.mean ?? null,
    pairDisagreement: disagreement?.pairs ?? null,
    confidence: evaluation && meanConfidence(evaluation.sums, classes, evaluation.headClasses.length),
    unlabeledError: evaluation && trueLabels ? wrongShare(evaluation.classes, trueLabels) : null,
    validationAccuracy: validation ? await validate(net, validation, batchSize) : null,
  };
}

async function validate(net: TriNet, validation: NonNullable<TriNetSettings['validation']>, batchSize: number) {
  const { classes, headClasses } = await net.evaluate(validation, { batchSize });
  const accuracy = (predicted: ArrayLike<number>) => 1 - wrongShare(predicted, validation.labels)!;
  return { sumRule: accuracy(classes), heads: headClasses.map(accuracy) };
}

function meanConfidence(sums: Float64Array, classes: number, heads: number): number {
  const rows = sums.length / classes;
  let total = 0;
  for (let row = 0; row < rows; row++) total += Math.max(...sums.subarray(row * classes, (row + 1) * classes)) / heads;
  return total / rows;
}

/** The share of predictions that are wrong, of those with a known truth; null without any. */
function wrongShare(predicted: ArrayLike<number>, truth: ArrayLike<number>): number | null {
  let known = 0;
  let wrong = 0;
  for (let i = 0; i < predicted.length; i++) {
    if (truth[i] === -1) continue;
    known += 1;
    if (predicted[i] !== truth[i]) wrong += 1;
  }
  return known === 0 ? null : wrong / known;
}

/** How many pseudo-labels are wrong. */
export function errorsOf(
  { accepted, kept, removed }: { accepted: PseudoLabels; kept: PseudoLabels; removed: PseudoLabels },
  truth: ArrayLike<number>,
): PseudoLabelErrors {
  const wrong = ({ labels, indices }: PseudoLabels) =>
    wrongShare(
      labels,
      Array.from(indices, (index) => truth[index]!),
    );
  return { accepted: wrong(accepted), kept: wrong(kept), removed: wrong(removed) };
}

/** How many pseudo-labels name each class. */
export function perClassOf({ labels }: PseudoLabels, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const label of labels) counts[label]! += 1;
  return counts;
}
