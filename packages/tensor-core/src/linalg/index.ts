export { TensorOperationsOptionError } from './errors.js';
export { type TensorOperationsOptions, tensorOperations } from './tensor-operations.js';
