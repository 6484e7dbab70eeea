export { WeightsFileError } from './errors.js';
export {
  openSafetensorsFile,
  readSafetensorsFile,
  type SafetensorsFile,
  writeSafetensorsFile,
} from './node/safetensors-file.js';
