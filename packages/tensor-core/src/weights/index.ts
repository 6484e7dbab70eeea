export {
  DtypeConversionError,
  type SafetensorsFormatCode,
  SafetensorsFormatError,
  TensorDataError,
  TensorNotFoundError,
  WeightsError,
} from './errors.js';
export {
  decodeSafetensors,
  type SafetensorsContents,
  type SafetensorsLimits,
  type StoredTensor,
} from './safetensors/decode.js';
export type { SafetensorsDtype, TensorData } from './safetensors/dtype.js';
export { encodeSafetensors, type NamedTensor } from './safetensors/encode.js';
export type { TensorInfo } from './safetensors/parse-header.js';
