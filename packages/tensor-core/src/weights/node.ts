export { WeightsFileError } from './errors.js';
