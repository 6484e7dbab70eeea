export type { Batch, BatchLike, BatchSource, IterableDataset } from './batch.js';
export { type BatchesOptions, type BatchStream, batches } from './batches.js';
export { type PrefetchOptions, prefetch } from './batches-prefetch.js';
export { type ClippedGradients, clipByGlobalNorm } from './clip-by-global-norm.js';
export {
  BatchDataError,
  EmptyBatchError,
  LabelRangeError,
  LossShapeError,
  ModelOutputError,
  NoBatchesError,
  NonFiniteInputError,
  OptimizerVariablesError,
  StepsUnknownError,
  TrainingDivergedError,
  TrainOptionError,
} from './errors.js';
export { type FitOptions, fit } from './fit.js';
export type { EpochLog, StepLog, TrainEnd, TrainHistory, TrainLogSink, TrainRun } from './log/train-log.js';
export { type AdamOptions, adam } from './optimizers/adam.js';
export { type AdamWOptions, adamW } from './optimizers/adam-w.js';
export type { Gradients, Optimizer } from './optimizers/optimizer.js';
export { noDecayOnBiasesAndNorms, type ParameterGroup } from './optimizers/parameter-groups.js';
export { type RmsPropOptions, rmsProp } from './optimizers/rms-prop.js';
export { type SgdOptions, sgd } from './optimizers/sgd.js';
export { type PredictOptions, type Predictor, predictLogits } from './predict-logits.js';
export { constant } from './schedules/constant.js';
export { type CosineOptions, cosine } from './schedules/cosine.js';
export { type MultiStepOptions, multiStep } from './schedules/multi-step.js';
export { type PolynomialOptions, polynomial } from './schedules/polynomial.js';
export type { Duration, Progress, Schedule } from './schedules/schedule.js';
export { type StepDecayOptions, stepDecay } from './schedules/step-decay.js';
export { warmUp } from './schedules/warm-up.js';
export type { Trainable, Weight } from './trainable.js';
