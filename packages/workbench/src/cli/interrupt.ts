/** Ctrl-C as abort signals. */
export interface Interrupt {
  /** Aborts at the first Ctrl-C: finish what can be finished, and keep it. */
  readonly stop: AbortSignal;
  /** Aborts at the second: end everything now. */
  readonly kill: AbortSignal;
  /** The exit code that the signal asks for; undefined while there was none. */
  readonly exitCode: number | undefined;
  release(): void;
}

/** Wrappers (pnpm, a shell, `timeout`) hand one Ctrl-C on again within this time. */
const SAME_PRESS_MILLISECONDS = 500;

const exitCodes = { SIGINT: 130, SIGTERM: 143 } as const;

/** Listens to SIGINT and SIGTERM until released. A third press ends the process at once. */
export function listenForInterrupt(say: (line: string) => void): Interrupt {
  const stop = new AbortController();
  const kill = new AbortController();
  let firstAt = 0;
  let exitCode: number | undefined;
  const onSignal = (signal: NodeJS.Signals) => {
    if (exitCode === undefined) {
      exitCode = exitCodes[signal as keyof typeof exitCodes];
      firstAt = performance.now();
      say('stopping: what is finished is kept; once more ends it at once');
      stop.abort();
    } else if (performance.now() - firstAt > SAME_PRESS_MILLISECONDS) {
      if (kill.signal.aborted) process.exit(exitCode);
      kill.abort();
    }
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  return {
    stop: stop.signal,
    kill: kill.signal,
    get exitCode() {
      return exitCode;
    },
    release: () => void process.off('SIGINT', onSignal).off('SIGTERM', onSignal),
  };
}
