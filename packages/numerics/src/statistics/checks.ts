import { NonFiniteSampleError, SampleLengthError, StatisticsOptionError, TooFewSamplesError } from './errors.js';

export function requireSamples(what: string, samples: ArrayLike<number>, atLeast = 1): void {
  if (samples.length < atLeast) {
    throw new TooFewSamplesError(
      `${what}: expected at least ${atLeast} ${atLeast === 1 ? 'sample' : 'samples'}, got ${samples.length}`,
    );
  }
  for (let i = 0; i < samples.length; i++) {
    if (!Number.isFinite(samples[i])) {
      throw new NonFiniteSampleError(`${what}: expected finite samples, got ${samples[i]} at position ${i}`);
    }
  }
}

export function requireSameLength(what: string, a: ArrayLike<number>, b: ArrayLike<number>): void {
  if (a.length !== b.length) {
    throw new SampleLengthError(`${what}: expected two lists of equal length, got ${a.length} and ${b.length}`);
  }
}

export function requireOpenUnit(name: string, value: number): void {
  if (!(value > 0 && value < 1)) {
    throw new StatisticsOptionError(`${name}: expected a number between 0 and 1, both excluded, got ${value}`);
  }
}
