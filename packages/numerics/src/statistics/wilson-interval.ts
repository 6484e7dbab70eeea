import { requireOpenUnit } from './checks.js';
import { StatisticsOptionError, TooFewSamplesError } from './errors.js';
import type { Interval, IntervalOptions } from './interval.js';
import { normalQuantile } from './normal.js';

/**
 * Wilson's score interval of a proportion k/n (Wilson 1927): (p̂ + z²/2n ± z √(p̂(1 − p̂)/n + z²/4n²)) / (1 + z²/n).
 *
 * Stays inside [0, 1] and makes sense for 0 of n and n of n.
 *
 * @param successes integer in 0 … trials
 * @param trials integer of at least 1
 * @throws TooFewSamplesError for no trial; StatisticsOptionError
 */
export function wilsonInterval(successes: number, trials: number, { level = 0.95 }: IntervalOptions = {}): Interval {
  requireOpenUnit('wilsonInterval: level', level);
  if (!Number.isSafeInteger(trials) || trials < 0) {
    throw new StatisticsOptionError(`wilsonInterval: trials: expected a non-negative integer, got ${trials}`);
  }
  if (trials === 0) throw new TooFewSamplesError('wilsonInterval: expected at least 1 trial, got 0');
  if (!Number.isSafeInteger(successes) || successes < 0 || successes > trials) {
    throw new StatisticsOptionError(
      `wilsonInterval: successes: expected an integer in 0 … ${trials}, got ${successes}`,
    );
  }
  const z = normalQuantile((1 + level) / 2);
  const proportion = successes / trials;
  const scale = 1 + z ** 2 / trials;
  const centre = (proportion + z ** 2 / (2 * trials)) / scale;
  const half = (z / scale) * Math.sqrt((proportion * (1 - proportion)) / trials + z ** 2 / (4 * trials ** 2));
  return {
    mean: proportion,
    low: successes === 0 ? 0 : centre - half,
    high: successes === trials ? 1 : centre + half,
    n: trials,
    method: 'wilson',
  };
}
