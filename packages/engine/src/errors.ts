/** An engine that was asked for cannot be had, or none can; `reasons` says why, engine by engine. */
export class EngineUnavailableError extends Error {
  readonly code = 'engine/unavailable';
  override readonly name = 'EngineUnavailableError';
  readonly reasons: readonly string[];

  constructor(message: string, reasons: readonly string[] = []) {
    super(message);
    this.reasons = reasons;
  }
}

/** A name that is no engine, or a number of threads that is none. */
export class EngineOptionError extends Error {
  readonly code = 'engine/bad-option';
  override readonly name = 'EngineOptionError';
}

/** An engine computed other numbers than it has to. */
export class SelfTestError extends Error {
  readonly code = 'engine/self-test-failed';
  override readonly name = 'SelfTestError';
}

/** A kernel was called with a tensor of another type or shape than it takes. */
export class KernelInputError extends Error {
  readonly code = 'engine/kernel-input';
  override readonly name = 'KernelInputError';
}
