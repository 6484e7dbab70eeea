import type { JsonValue } from '../checkpoint/checkpoint-part.js';
import type { TrainLogSink, TrainRun } from '../log/train-log.js';

/** A run that goes on where a checkpoint stood. */
export interface ResumedRun extends TrainRun {
  readonly resumedAt: { readonly steps: number; readonly epoch: number };
}

/**
 * A sink that can take back what it received after a checkpoint was written, as a file that is cut to its length of then.
 *
 * `restore` is called before `start`, which then gets a {@link ResumedRun}.
 */
export interface ResumableSink extends TrainLogSink {
  capture(): JsonValue;
  restore(state: JsonValue): void | Promise<void>;
}

/** Whether a sink can take back. */
export function isResumable(sink: TrainLogSink): sink is ResumableSink {
  return 'capture' in sink && 'restore' in sink;
}
