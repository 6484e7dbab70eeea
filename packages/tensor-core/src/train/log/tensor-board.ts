import { TrainOptionError } from '../errors.js';
import { requireInteger } from '../require-option.js';
import { describeError } from './describe-error.js';
import { EventFile } from './event-file.js';
import { histogramValue, imageValue, scalarValue, sessionStartEvent, summaryEvent, textValue } from './event-record.js';
import { histogramOf } from './histogram.js';
import type { LogWarning } from './log-file.js';
import { encodePng, isPngChannels } from './png.js';
import { processMemory } from './process-memory.js';
import { scalarsOf } from './scalars.js';
import type { TrainLogSink, TrainRun } from './train-log.js';

/** Options of {@link tensorBoard}. */
export interface TensorBoardOptions {
  /** What the run is: shown as a text. */
  readonly run?: Readonly<Record<string, unknown>>;
  /** Log every n-th step. Default 1. */
  readonly everySteps?: number;
  /** Called once, when an event cannot be written. Default: `console.warn`. */
  readonly onWarning?: LogWarning;
}

/** A log for TensorBoard that takes more than `fit` gives. Steps are integers of at least 0. */
export interface TensorBoardSink extends TrainLogSink {
  /** The event file. */
  readonly path: string;
  scalar(tag: string, value: number, step: number): void;
  /** Markdown. */
  text(tag: string, text: string, step: number): void;
  /** Thirty buckets of equal width; values that are not finite are left out. */
  histogram(tag: string, values: ArrayLike<number>, step: number): void;
  /**
   * A picture.
   *
   * @param pixels `[h × w × c]`, bytes or float32 in [0, 1]; 1 to 4 channels: grey, grey with alpha, RGB, RGBA
   * @param shape `[height, width, channels]`
   * @throws TrainOptionError for pixels of another size
   */
  image(
    tag: string,
    pixels: Uint8Array | Float32Array,
    shape: readonly [height: number, width: number, channels: number],
    step: number,
  ): void;
}

const json = (value: unknown) => `\`\`\`json\n${JSON.stringify(value, null, 2)}\n\`\`\``;

function toPng(pixels: Uint8Array | Float32Array, shape: readonly [number, number, number]): Uint8Array {
  const [height, width, channels] = shape;
  const whole = shape.every((side) => Number.isInteger(side) && side >= 1);
  if (!whole || !isPngChannels(channels) || pixels.length !== height * width * channels) {
    throw new TrainOptionError(
      `tensorBoard: image: expected the pixels of [height, width, 1 to 4 channels], got ${pixels.length} values for [${shape.join(', ')}]`,
    );
  }
  const bytes =
    pixels instanceof Float32Array
      ? Uint8Array.from(pixels, (value) => Math.round(255 * Math.min(1, Math.max(0, value))))
      : pixels;
  return encodePng(bytes, height, width, channels);
}

/**
 * Writes a run for TensorBoard, into an event file of its own in the folder (`tensorboard --logdir` of it or of a folder above).
 *
 * Scalars `step/…` and `epoch/…` (loss, its terms, learning rate, examples a second, tensors, resident and peak memory) stand at
 * the number of the step, the epoch's at that of its last one. A resumed run continues in a new file of the same folder:
 * TensorBoard forgets what the run before wrote about later steps, and all of it when a run starts anew there. Each event is one write, so a kill costs at most the last one; a disk that fills
 * up costs events, not the run.
 *
 * @throws LogFileError when the file cannot be made; TrainOptionError for a bad `everySteps` or step
 * @example
 * const board = tensorBoard('logs/seed-1');
 * await fit({ …, sinks: [board], on: { epoch: ({ epoch, steps }) => board.histogram('weights', weights, steps * (epoch + 1)) } });
 */
export function tensorBoard(folder: string, options: TensorBoardOptions = {}): TensorBoardSink {
  const { run = {}, everySteps = 1, onWarning } = options;
  requireInteger('tensorBoard: everySteps', everySteps, 1);
  const file = new EventFile(folder, onWarning);
  let lastStep = 0;
  let started = false;

  function write(step: number, values: readonly Uint8Array[]): void {
    requireInteger('tensorBoard: step', step, 0);
    file.append(summaryEvent(Date.now() / 1000, step, values));
  }
  const writeScalars = (prefix: string, log: object, step: number) =>
    write(
      step,
      scalarsOf(log).map(([name, value]) => scalarValue(`${prefix}/${name}`, value)),
    );

  return {
    path: file.path,
    start(plan: TrainRun & { readonly resumedAt?: { readonly steps: number } }) {
      const steps = plan.resumedAt?.steps ?? 0;
      lastStep = Math.max(0, steps - 1);
      // Once a file, in the first one as well: TensorBoard takes the first start in a folder for the beginning, not for a return.
      if (!started) file.append(sessionStartEvent(Date.now() / 1000, steps));
      started = true;
      write(steps, [textValue('run', json({ ...run, ...plan }))]);
    },
    step(log) {
      lastStep = log.step;
      if (log.step % everySteps === 0) writeScalars('step', log, log.step);
    },
    epoch: (log) => writeScalars('epoch', { ...log, ...processMemory() }, lastStep),
    end({ error, ...end }) {
      const how = error === undefined ? end : { ...end, error: describeError(error) };
      write(lastStep, [textValue('run/end', json(how))]);
      file.flush();
    },
    scalar: (tag, value, step) => write(step, [scalarValue(tag, value)]),
    text: (tag, text, step) => write(step, [textValue(tag, text)]),
    histogram(tag, values, step) {
      const histogram = histogramOf(values);
      if (histogram !== null) write(step, [histogramValue(tag, histogram)]);
    },
    image(tag, pixels, shape, step) {
      const [height, width, channels] = shape;
      write(step, [imageValue(tag, { height, width, channels, png: toPng(pixels, shape) })]);
    },
  };
}
