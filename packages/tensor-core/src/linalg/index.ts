export { TensorOperationsOptionError } from './errors.js';
export { fusedLargestProducts, type LargestProducts } from './largest-products.js';
export { type TensorOperationsOptions, tensorOperations } from './tensor-operations.js';
