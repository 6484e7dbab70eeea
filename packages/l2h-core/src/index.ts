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
export {
  type Evaluation,
  type EvaluationInput,
  type EvaluationOptions,
  evaluate,
  type Relevance,
} from './evaluation/evaluate.js';
export { type CodeCollection, decodeCodeFile, encodeCodeFile, type LoadedCodes } from './files/code-file.js';
export { FileAccessError, FileCorruptError, FileFormatError } from './files/errors.js';
export {
  decodeFaissBinary,
  decodeFaissPq,
  encodeFaissBinary,
  encodeFaissPq,
  type FaissBinary,
  type FaissPq,
} from './files/faiss.js';
export { Agh, type AghOptions } from './hashers/agh.js';
export { Bre, type BreOptions } from './hashers/bre.js';
export { CcaItq, type CcaItqOptions } from './hashers/cca-itq.js';
export { E2Lsh, type E2LshOptions } from './hashers/e2-lsh.js';
export type { EncodeOptions, FitOptions, FitReport, Hasher, HasherJson } from './hashers/hasher.js';
export { hasherFromJson } from './hashers/hasher-from-json.js';
export { Itq, type ItqOptions } from './hashers/itq.js';
export { Ksh, type KshOptions } from './hashers/ksh.js';
export type { HasherOptions } from './hashers/learned-hasher.js';
export { Mlh, type MlhOptions } from './hashers/mlh.js';
export { Pcah, type PcahOptions } from './hashers/pcah.js';
export { Sdh, type SdhOptions } from './hashers/sdh.js';
export { angleOfDistance, distanceOfAngle, SimHash, type SimHashOptions } from './hashers/sim-hash.js';
export { SpectralHashing, type SpectralHashingOptions } from './hashers/spectral-hashing.js';
export {
  IvfBinaryIndex,
  type IvfBinaryIndexOptions,
  type IvfBinaryRangeSearchOptions,
  type IvfBinarySearchOptions,
  type IvfBinaryStats,
} from './ivf/ivf-binary-index.js';
export { IvfPQIndex, type IvfPQIndexOptions, type IvfPQSearchOptions, type IvfPQStats } from './ivf/ivf-pq-index.js';
export type { Codebooks } from './quantizers/codebooks.js';
export { CompositeQuantizer, type CompositeQuantizerOptions } from './quantizers/composite-quantizer.js';
export {
  type OpqStart,
  OptimizedProductQuantizer,
  type OptimizedProductQuantizerOptions,
} from './quantizers/optimized-product-quantizer.js';
export {
  PQIndex,
  type PQIndexOptions,
  type PQNeighbors,
  type PQRange,
  type PQSearchOptions,
} from './quantizers/pq-index.js';
export { ProductQuantizer, type ProductQuantizerOptions } from './quantizers/product-quantizer.js';
export type { QuantizedCodes, Quantizer } from './quantizers/quantizer.js';
export { quantizerFromJson } from './quantizers/quantizer-from-json.js';
export type { CodeIndex } from './search/code-index.js';
export type { ScanKernel } from './search/code-memory.js';
export { DuplicateIdError, IndexFullError } from './search/errors.js';
export { FlatIndex, type FlatIndexOptions } from './search/flat-index.js';
export {
  HashTableIndex,
  type HashTableIndexOptions,
  type HashTableRangeSearchOptions,
  type HashTableSearchOptions,
  type Probing,
} from './search/hash-table-index.js';
export {
  MultiIndexHashing,
  type MultiIndexHashingOptions,
  type MultiIndexHashingStats,
} from './search/multi-index-hashing.js';
export { type MultiProbeOptions, multiProbe } from './search/multi-probe.js';
export type {
  IdFilter,
  IndexStats,
  RangeResult,
  RangeSearchOptions,
  Rerank,
  SearchOptions,
  SearchResult,
} from './search/stored-index.js';
export { type TopK, topK } from './search/top-k.js';
export { asymmetricDistances, weightedHamming, weightedTables } from './search/weighted-hamming.js';
export { type SampleRowsOptions, sampleRows } from './vectors/sample-rows.js';
export {
  ParallelFlatIndex,
  type ParallelFlatIndexOptions,
  type ParallelFlatIndexStats,
} from './workers/parallel-flat-index.js';
export { ScanWorkerError } from './workers/scan-workers.js';
