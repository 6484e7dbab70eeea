const INTERVAL_MILLISECONDS = 50;

/**
 * Lets timers, signals and input in between the steps of a loop that only awaits promises which are already settled.
 *
 * Without it a signal handler or an abort by timer would not run before the loop's end.
 */
export class EventLoopBreather {
  #last = performance.now();

  /** Gives way when the last time is long enough ago. */
  async breathe(): Promise<void> {
    if (performance.now() - this.#last < INTERVAL_MILLISECONDS) return;
    await new Promise<void>((resolve) => {
      if (typeof setImmediate === 'function') setImmediate(resolve);
      else setTimeout(resolve, 0);
    });
    this.#last = performance.now();
  }
}
