/** Odd, so that the walk visits every 32-bit value. */
const SEED_STRIDE = 0x9e3779b1;

/** @internal The seed of draw number `draws`; never 0, which would mean "no seed" to TensorFlow.js. */
export function stepSeed(seed: number, draws: number): number {
  return (seed + Math.imul(draws, SEED_STRIDE)) >>> 0 || 1;
}
