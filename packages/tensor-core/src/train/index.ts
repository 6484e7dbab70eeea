export type { Batch, BatchLike, BatchSource, IterableDataset } from './batch.js';
export { type BatchesOptions, type BatchStream, batches } from './batches.js';
export { type PrefetchOptions, prefetch } from './batches-prefetch.js';
export {
  type Checkpoint,
  captureCheckpoint,
  type RestoreOptions,
  restoreCheckpoint,
} from './checkpoint/capture-checkpoint.js';
export type { CheckpointPart, HostTensor, JsonValue, PartState } from './checkpoint/checkpoint-part.js';
export { modelPart, optimizerPart, randomPart, valuePart } from './checkpoint/checkpoint-parts.js';
export { type CheckpointStore, memoryCheckpoints } from './checkpoint/checkpoint-store.js';
export { decodeCheckpoint, encodeCheckpoint } from './checkpoint/encode-checkpoint.js';
export type { EngineIdentity } from './checkpoint/engine-identity.js';
export {
  CheckpointCorruptError,
  CheckpointEngineError,
  CheckpointModelError,
  CheckpointNotFoundError,
  CheckpointPartError,
  CheckpointVersionError,
  CheckpointWriteError,
} from './checkpoint/errors.js';
export { type ClippedGradients, clipByGlobalNorm } from './clip-by-global-norm.js';
export { clipByValue } from './clip-by-value.js';
export { EarlyStopping, type EarlyStoppingOptions } from './early-stopping.js';
export { Ema, type EmaOptions } from './ema.js';
export {
  BatchDataError,
  type Divergence,
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
export type { EpochRecord, FitHistory } from './history.js';
export type { EpochLog, StepLog, TrainEnd, TrainHistory, TrainLogSink, TrainRun } from './log/train-log.js';
export type {
  CheckpointEvent,
  CheckpointOptions,
  LoopHooks,
  LoopSettings,
  Monitor,
  StepOutcome,
  StepPosition,
} from './loop/loop-options.js';
export type { ResumableSink, ResumedRun } from './loop/resumable-sink.js';
export { type TrainLoopOptions, trainLoop } from './loop/train-loop.js';
export { type AdamOptions, adam } from './optimizers/adam.js';
export { type AdamWOptions, adamW } from './optimizers/adam-w.js';
export type { Gradients, Optimizer } from './optimizers/optimizer.js';
export { noDecayOnBiasesAndNorms, type ParameterGroup } from './optimizers/parameter-groups.js';
export { type RmsPropOptions, rmsProp } from './optimizers/rms-prop.js';
export { type SgdOptions, sgd } from './optimizers/sgd.js';
export { type PredictOptions, type Predictor, predictLogits } from './predict-logits.js';
export { constant } from './schedules/constant.js';
export { type CosineOptions, cosine } from './schedules/cosine.js';
export { type CosineRestartsOptions, cosineRestarts } from './schedules/cosine-restarts.js';
export { type LinearRampOptions, linearRamp } from './schedules/linear-ramp.js';
export { type MultiStepOptions, multiStep } from './schedules/multi-step.js';
export { type PolynomialOptions, polynomial } from './schedules/polynomial.js';
export type { Duration, Progress, Schedule } from './schedules/schedule.js';
export { type SigmoidRampUpOptions, sigmoidRampUp } from './schedules/sigmoid-ramp-up.js';
export { type StepDecayOptions, stepDecay } from './schedules/step-decay.js';
export { warmUp } from './schedules/warm-up.js';
export { type GradientStepOptions, gradientStep } from './step/gradient-step.js';
export type { LossValue } from './step/loss-value.js';
export type { Trainable, Weight } from './trainable.js';
