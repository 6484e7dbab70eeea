export {
  DtypeConversionError,
  type ModelFormatCode,
  ModelFormatError,
  type SafetensorsFormatCode,
  SafetensorsFormatError,
  TensorDataError,
  TensorNotFoundError,
  WeightNamesError,
  WeightsError,
  type WrongShape,
} from './errors.js';
export { loadModel, loadModelWeights } from './model-json/load-model.js';
export type { ModelFileOptions } from './model-json/model-files.js';
export { modelInMemory } from './model-json/model-in-memory.js';
export {
  type NamedWeights,
  type SetWeightsOptions,
  type SetWeightsReport,
  setWeights,
  type WeightedModel,
  weightsOf,
} from './named-weights.js';
export { type ModuleNames, resNetModules, wideResNetModules } from './pytorch/modules.js';
export { loadStateDict, type StateDictOptions, stateDictOf } from './pytorch/state-dict.js';
export { type ByteSource, blobSource } from './safetensors/byte-source.js';
export {
  decodeSafetensors,
  type SafetensorsContents,
  type SafetensorsLimits,
  type StoredTensor,
} from './safetensors/decode.js';
export type { SafetensorsDtype, TensorData } from './safetensors/dtype.js';
export { encodeSafetensors, type NamedTensor } from './safetensors/encode.js';
export { openSafetensors, type SafetensorsReader } from './safetensors/open.js';
export type { TensorInfo } from './safetensors/parse-header.js';
