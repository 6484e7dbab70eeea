/** An option of a training function has a value that makes no sense. */
export class TrainOptionError extends Error {
  readonly code = 'train/bad-option';
  override readonly name = 'TrainOptionError';
}

/** Where and how a run diverged. */
export interface Divergence {
  readonly step: number;
  readonly epoch: number;
  readonly loss: number;
  readonly losses?: Readonly<Record<string, number>>;
  readonly gradientNorm?: number;
  readonly learningRate: number;
  /** Name of a weight that is not finite though the loss is. */
  readonly weight?: string;
  /** Whether the step was applied all the same: where a loop's own `step` returned such a loss. */
  readonly applied?: boolean;
  /** Steps of the last checkpoint, where there is one. */
  readonly checkpointSteps?: number;
}

/** The loss, or where it is clipped the gradient's norm, became NaN or infinite. `fit` does not apply the update of that step. */
export class TrainingDivergedError extends Error {
  readonly code = 'train/diverged';
  override readonly name = 'TrainingDivergedError';
  /** The step at which it happened, counted from 0 over all epochs. */
  readonly step: number;
  readonly epoch: number;
  readonly loss: number;
  readonly learningRate: number;
  /** Everything that is known about it. */
  readonly divergence: Divergence;

  constructor(at: Divergence) {
    const what = !Number.isFinite(at.loss)
      ? `loss became ${at.loss}`
      : at.weight === undefined
        ? `norm of the gradient became ${at.gradientNorm}`
        : `weight ${at.weight} became NaN or infinite`;
    // JSON has no NaN: names it instead.
    const named = Object.entries(at.losses ?? {}).map(([name, value]) => [name, String(value)]);
    const terms = at.losses === undefined ? '' : `, terms ${JSON.stringify(Object.fromEntries(named))}`;
    const weights = at.applied ? '' : ' The weights are those before this step.';
    const saved =
      at.checkpointSteps === undefined
        ? ''
        : ` The checkpoint of step ${at.checkpointSteps} is kept: go on from there.`;
    super(
      `the ${what} at step ${at.step} (epoch ${at.epoch}, learning rate ${at.learningRate})${terms}. ` +
        'The inputs of the batch are finite, so the likely cause is a learning rate that is too high (lower it, warm it up, ' +
        `or clip gradients with \`clipNorm\`) or a loss that takes the logarithm or quotient of 0.${weights}${saved}`,
    );
    this.step = at.step;
    this.epoch = at.epoch;
    this.loss = at.loss;
    this.learningRate = at.learningRate;
    this.divergence = at;
  }
}

/** A batch holds NaN or infinite inputs. */
export class NonFiniteInputError extends Error {
  readonly code = 'train/non-finite-input';
  override readonly name = 'NonFiniteInputError';
  /** Which batch, counted from 0 within its epoch. */
  readonly batch: number;
  readonly epoch: number;
  /** Rows of the batch that hold such values. */
  readonly rows: readonly number[];

  constructor(at: { batch: number; epoch: number; rows: readonly number[]; indices: readonly number[] | null }) {
    const shown = (numbers: readonly number[]) =>
      numbers.slice(0, 8).join(', ') + (numbers.length > 8 ? `, … (${numbers.length} in all)` : '');
    const where = at.indices === null ? '' : ` (indices ${shown(at.indices)} of the data)`;
    super(
      `batch ${at.batch} of epoch ${at.epoch}: expected finite inputs, got NaN or infinity in row ${shown(at.rows)}${where}. ` +
        'Look at how these examples are read or augmented. No step was taken on this batch.',
    );
    this.batch = at.batch;
    this.epoch = at.epoch;
    this.rows = at.rows;
  }
}

/** A batch holds no example. */
export class EmptyBatchError extends Error {
  readonly code = 'train/empty-batch';
  override readonly name = 'EmptyBatchError';
}

/** An epoch yielded no batch at all. */
export class NoBatchesError extends Error {
  readonly code = 'train/no-batches';
  override readonly name = 'NoBatchesError';
}

/** The loss function returned something else than scalars. */
export class LossShapeError extends Error {
  readonly code = 'train/loss-not-scalar';
  override readonly name = 'LossShapeError';
}

/** A model returned something else than one tensor with a row per example. */
export class ModelOutputError extends Error {
  readonly code = 'train/wrong-model-output';
  override readonly name = 'ModelOutputError';
}

/** A data set or a batch does not hold what it says. */
export class BatchDataError extends Error {
  readonly code = 'train/bad-data';
  override readonly name = 'BatchDataError';
}

/** A label lies outside the classes. */
export class LabelRangeError extends Error {
  readonly code = 'train/label-out-of-range';
  override readonly name = 'LabelRangeError';
}

/** A schedule counts in epochs or to the end, but the number of steps in an epoch is not known. */
export class StepsUnknownError extends Error {
  readonly code = 'train/steps-unknown';
  override readonly name = 'StepsUnknownError';
}

/** An optimiser was called with other variables or gradients than it can take. */
export class OptimizerVariablesError extends Error {
  readonly code = 'train/optimizer-variables';
  override readonly name = 'OptimizerVariablesError';
}
