import type { ProgressStream } from '@tensor-papers/tensor-core/train/node';

/** Shows how far a run is. */
export interface RunProgress {
  log(line: string): void;
  progress(seed: number, fraction: number, label: string): void;
  /** Removes the progress line. */
  end(): void;
}

const REDRAW_MILLISECONDS = 100;
const CLEAR_LINE = '\r\u001b[2K';

/** `1:05`, `2:00:00`. */
export function clock(seconds: number): string {
  const whole = Math.ceil(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const two = (n: number) => String(n).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/**
 * Lines of a run, and below them, on a terminal only, one that shows how far it is and the time left.
 *
 * @param seeds how many seeds the run has
 * @param now milliseconds; for tests
 */
export function runProgress(
  stream: ProgressStream,
  title: string,
  seeds: number,
  now = () => performance.now(),
): RunProgress {
  const draws = Boolean(stream.isTTY) && !process.env.CI;
  const fractions = new Map<number, number>();
  const startedAt = now();
  let firstSum: number | undefined;
  let drawnAt = Number.NEGATIVE_INFINITY;
  let last = '';

  const line = (seed: number, label: string) => {
    const sum = [...fractions.values()].reduce((a, b) => a + b, 0);
    firstSum ??= sum;
    const seconds = (now() - startedAt) / 1000;
    const made = sum - firstSum;
    const left = made > 0 ? `  ${clock(((seeds - sum) * seconds) / made)} left` : '';
    const done = [...fractions.values()].filter((fraction) => fraction === 1).length;
    const filled = Math.round((sum / seeds) * 20);
    const bar = `[${'='.repeat(filled)}${' '.repeat(20 - filled)}]`;
    const text = `${title}  ${bar} ${Math.floor((100 * sum) / seeds)} %  ${done}/${seeds} seeds${left}  seed ${seed}: ${label}`;
    return text.slice(0, Math.max(1, (stream.columns || 80) - 1));
  };

  return {
    log: (text) => void stream.write(draws ? `${CLEAR_LINE}${text}\n${last}` : `${text}\n`),
    progress: (seed, fraction, label) => {
      fractions.set(seed, fraction);
      if (!draws || (now() - drawnAt < REDRAW_MILLISECONDS && fraction < 1)) return;
      drawnAt = now();
      last = line(seed, label);
      stream.write(`${CLEAR_LINE}${last}`);
    },
    end: () => {
      if (last !== '') stream.write(CLEAR_LINE);
      last = '';
    },
  };
}
