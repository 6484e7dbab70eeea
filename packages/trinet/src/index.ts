export { type CreateTriNetOptions, createTriNet, type TriNetFactories } from './create-tri-net.js';
export {
  countLabelerMismatches,
  countMismatches,
  type DesCount,
  type EditOptions,
  editLabels,
  type LabelerMismatchOptions,
} from './edit-labels.js';
export { type EditedPool, type EditPoolOptions, editPool } from './edit-pool.js';
export {
  ConfigurationError,
  DataError,
  LabelsError,
  MissingClassError,
  ModuleError,
  NonFiniteError,
  OptionError,
  ShapeError,
  TriNetError,
} from './errors.js';
export { type HeadDisagreement, headDisagreement } from './head-disagreement.js';
export { type HeadNumber, headNumbers, type Labelers, labelersOf } from './heads.js';
export { headLoss, jointLoss, jointLossPerSample } from './joint-loss.js';
export { type LabelPoolOptions, labelPool } from './label-pool.js';
export type { Phase } from './phases.js';
export type { EditedPseudoLabels, PseudoLabels, RoundPseudoLabels } from './pseudo-labels.js';
export type { HeadReport, PseudoLabelErrors, RoundReport, TriNetWarning } from './round-report.js';
export { drawPool, type RoundPlan, type RoundScheduleOptions, roundSchedule } from './round-schedule.js';
export { drawSmearingNoise, type SmearLabelsOptions, smearLabels } from './smear-labels.js';
export { type SumRulePrediction, sumRule } from './sum-rule.js';
export { SumRuleLayer } from './sum-rule-layer.js';
export {
  type HeadTrainingOptions,
  type PhaseOptions,
  type SmearedTrainingOptions,
  trainHead,
  trainOnSmearedLabels,
} from './train-phase.js';
export { trainTriNet } from './train-tri-net.js';
export { type PhaseLength, type TrainingOrderOptions, trainingOrder } from './training-order.js';
export {
  type EvaluateOptions,
  TriNet,
  type TriNetEvaluation,
  type TriNetLogitsOptions,
  type TriNetMode,
  type TriNetPrediction,
} from './tri-net.js';
export type { TriNetCallbacks, TriNetOptions } from './tri-net-options.js';
export { TriNetRun } from './tri-net-run.js';
export { unionSet } from './union-set.js';
export { type VoteOptions, type Votes, voteLabels } from './vote-labels.js';
