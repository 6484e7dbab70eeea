/** So long, in ms, work may run before it lets timers and events in. */
const breath = 30;

/** To be awaited between pieces of work: reports a fraction if given one, lets other work run now and then, and throws when it is to end. */
export function pacing(
  signal: AbortSignal | undefined,
  progress: ((fraction: number, objective?: number) => void) | undefined,
): (fraction?: number, objective?: number) => Promise<void> {
  let paused = Date.now();
  return async (fraction, objective) => {
    if (fraction !== undefined) progress?.(fraction, objective);
    if (Date.now() - paused > breath) {
      await new Promise((resolve) => setTimeout(resolve));
      paused = Date.now();
    }
    signal?.throwIfAborted();
  };
}
