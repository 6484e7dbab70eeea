export { type Codes, codesFromBytes, codesToBytes, packSigns, takeCodes, unpackSigns } from './codes/codes.js';
export { hamming, hammingAll, popcount } from './codes/hamming.js';
export {
  CodeShapeError,
  HashError,
  HashOptionError,
  NonFiniteVectorError,
  NotFittedError,
  TrainingDataError,
  VectorShapeError,
} from './errors.js';
export type { EncodeOptions, FitOptions, FitReport, Hasher, HasherJson } from './hashers/hasher.js';
