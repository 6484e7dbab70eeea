/** Settles as the promise does, or rejects with the reason of the signal where that comes first. */
function unlessAborted<Value>(promise: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/**
 * `make(0)`, `make(1)`, … `make(length − 1)` in order. While one of them is used, up to `ahead` further ones are on their way.
 * They are begun several at once, when half of them are used up: what a thread is sent together wakes it once.
 *
 * An error comes at its own place; what was begun after it is left to end unheard.
 */
export async function* makeAhead<Value>(
  length: number,
  ahead: number,
  make: (index: number) => Promise<Value>,
  signal?: AbortSignal,
): AsyncGenerator<Value> {
  const begun: Promise<Value>[] = [];
  let next = 0;
  for (let index = 0; index < length; index++) {
    signal?.throwIfAborted();
    const left = next - index - 1;
    while (left <= ahead / 2 && next < length && next <= index + ahead) {
      const value = make(next++);
      value.catch(() => {});
      begun.push(value);
    }
    yield await unlessAborted(begun.shift()!, signal);
  }
}
