export { RandomArgumentError } from './errors.js';
export { createRng, Rng, type RngState } from './rng.js';
