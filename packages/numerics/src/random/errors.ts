/** A seed, a stream name, a bound or a state that cannot be used. */
export class RandomArgumentError extends RangeError {
  readonly code = 'random/bad-argument';
  override readonly name = 'RandomArgumentError';
}
