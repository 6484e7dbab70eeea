export { type MlpOptions, mlp } from './backbones/mlp.js';
export { type SmallCnnOptions, smallCnn } from './backbones/small-cnn.js';
export { type WideResNetOptions, wideResNet } from './backbones/wide-res-net.js';
export { floatingPointOperations } from './floating-point-operations.js';
export { SeededDropout, type SeededDropoutConfig } from './layers/seeded-dropout.js';
export { ModelConfigurationError, type ModelContext, type ModelFactory } from './model-factory.js';
export { parameterCount } from './parameter-count.js';
