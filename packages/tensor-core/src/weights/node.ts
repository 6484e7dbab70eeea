export { WeightsFileError } from './errors.js';
export { modelFile } from './node/model-file.js';
export {
  openSafetensorsFile,
  readSafetensorsFile,
  type SafetensorsFile,
  writeSafetensorsFile,
} from './node/safetensors-file.js';
