export { cacheRoot, type Environment } from './cache.js';
export { catalogue, fetchDataSet, listDataSets } from './catalogue.js';
export { classBalancedIndices } from './class-balanced-indices.js';
export type { DataSetEntry, FetchedDataSet, FetchOptions, FetchProgress } from './data-set-entry.js';
export {
  CacheError,
  ChecksumError,
  DataError,
  type DataFormatCode,
  DataFormatError,
  DataShapeError,
  DataUnavailableError,
  type FailedSource,
  IndexRangeError,
  LabelRangeError,
  TooFewExamplesError,
  UnknownDataSetError,
} from './errors.js';
export { type ImageSetContents, imageSet } from './image-set.js';
export {
  type CifarFile,
  type CifarFileOptions,
  type CifarImages,
  type CifarOptions,
  readCifar,
  readCifarFile,
} from './readers/cifar.js';
export {
  type IdxArray,
  type IdxFile,
  type IdxFileOptions,
  type IdxOptions,
  readIdx,
  readIdxFile,
} from './readers/idx.js';
export { type GreyImage, readGreyPng } from './readers/png.js';
export { type Cifar10Options, type Cifar100Options, cifar10, cifar100 } from './recipes/cifar.js';
export { type FashionMnistOptions, fashionMnist } from './recipes/fashion-mnist.js';
export { type OpencvDigitsOptions, opencvDigits } from './recipes/opencv-digits.js';
export type { Recipe } from './recipes/recipe.js';
export { subset } from './subset.js';
export { validateLabels } from './validate-labels.js';
