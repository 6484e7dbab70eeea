export { loadGenerations } from './load-generations.js';
export { saveGenerations } from './save-generations.js';
