export { LabelsError, LogitsError, NonFiniteError, OptionError } from './errors.js';
export { type SmoothedCrossEntropyOptions, smoothedCrossEntropy } from './smoothed-cross-entropy.js';
export { SmoothedRun } from './smoothed-run.js';
export { type SmoothingOptions, smoothedTargets } from './smoothed-targets.js';
export { type TrainSmoothedOptions, trainSmoothed } from './train-smoothed.js';
