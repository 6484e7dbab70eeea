export type { BornAgainCallbacks, BornAgainOptions } from './born-again-options.js';
export { BornAgainRun, type BornAgainRunContents } from './born-again-run.js';
export { confidenceWeights } from './confidence-weights.js';
export { entropy, klDivergence } from './divergence.js';
export {
  type EnsemblePrediction,
  ensemblePredict,
  ensembleProbabilities,
  type NamedEnsemble,
  type SelectEnsembleOptions,
  selectEnsemble,
} from './ensemble.js';
export {
  BanError,
  ClassCountError,
  DisposedError,
  EmptyBatchError,
  LabelsError,
  LogitsError,
  MissingInputError,
  NonFiniteError,
  OptionError,
  PermutationError,
  SavedGenerationsError,
  SharedGenerationError,
  UnknownModeError,
} from './errors.js';
export type { BornAgainWarning, GenerationEpoch, GenerationReport } from './generation-report.js';
export { generationSeeds } from './generation-seeds.js';
export { type GradientDecomposition, gradientDecomposition } from './gradient-decomposition.js';
export { type BanLossOptions, banLoss, banLossPerSample } from './loss.js';
export { type BanMode, banModes, parseMode, usesLabels, usesTeacher } from './mode.js';
export { drawPermutations, fixedPermutations } from './permutations.js';
export { preconditionWarning, type TeacherFacts } from './precondition.js';
export { type BanTargetsOptions, banTargets, type Permutation, teacherArgmax } from './targets.js';
export { type ApplicableModel, type Classifier, classify, type LogitsFunction } from './teacher.js';
export { cachedTeacherLogits, liveTeacherLogits, type TeacherLogits } from './teacher-logits.js';
export { trainBornAgain } from './train-born-again.js';
