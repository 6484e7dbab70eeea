/** A turn of the event loop costs up to a millisecond in Node, as it frees what the engine left to it. */
const INTERVAL_MILLISECONDS = 100;

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
