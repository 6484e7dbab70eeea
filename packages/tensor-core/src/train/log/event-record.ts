import { bytesField, doubleField, doublesField, floatField, integerField, message } from './protobuf.js';

// Field numbers of TensorFlow's event.proto, summary.proto, histogram.proto and tensor.proto.
const EVENT = { wallTime: 1, step: 2, fileVersion: 3, summary: 5, sessionLog: 7 };
const SESSION_LOG_STATUS = 1;
const SESSION_START = 1;
const SUMMARY_VALUE = 1;
const VALUE = { tag: 1, simpleValue: 2, image: 4, histogram: 5, tensor: 8, metadata: 9 };
const IMAGE = { height: 1, width: 2, colorspace: 3, encoded: 4 };
const HISTOGRAM = { min: 1, max: 2, count: 3, sum: 4, sumOfSquares: 5, limits: 6, counts: 7 };
const METADATA_PLUGIN = 1;
const PLUGIN_NAME = 1;
const TENSOR = { type: 1, shape: 2, strings: 8 };
const STRING_TYPE = 7;

/** Counts of values in buckets. */
export interface Histogram {
  readonly min: number;
  readonly max: number;
  readonly count: number;
  readonly sum: number;
  readonly sumOfSquares: number;
  /** Right edge of each bucket; the first begins at `min`. */
  readonly limits: readonly number[];
  readonly counts: readonly number[];
}

/** A picture as a PNG file. */
export interface EncodedImage {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly png: Uint8Array;
}

/** The first event of every file. */
export function versionEvent(wallTime: number): Uint8Array {
  return message(doubleField(EVENT.wallTime, wallTime), bytesField(EVENT.fileVersion, 'brain.Event:2'));
}

/** Says that a run starts or goes on at a step: a reader forgets what earlier files say about this and later steps. */
export function sessionStartEvent(wallTime: number, step: number): Uint8Array {
  return message(
    doubleField(EVENT.wallTime, wallTime),
    integerField(EVENT.step, step),
    bytesField(EVENT.sessionLog, integerField(SESSION_LOG_STATUS, SESSION_START)),
  );
}

/** Values at a step. */
export function summaryEvent(wallTime: number, step: number, values: readonly Uint8Array[]): Uint8Array {
  return message(
    doubleField(EVENT.wallTime, wallTime),
    integerField(EVENT.step, step),
    bytesField(EVENT.summary, message(...values.map((value) => bytesField(SUMMARY_VALUE, value)))),
  );
}

export function scalarValue(tag: string, value: number): Uint8Array {
  return message(bytesField(VALUE.tag, tag), floatField(VALUE.simpleValue, value));
}

export function textValue(tag: string, text: string): Uint8Array {
  const metadata = bytesField(METADATA_PLUGIN, bytesField(PLUGIN_NAME, 'text'));
  // A tensor of rank 0.
  const tensor = message(
    integerField(TENSOR.type, STRING_TYPE),
    bytesField(TENSOR.shape, ''),
    bytesField(TENSOR.strings, text),
  );
  return message(bytesField(VALUE.tag, tag), bytesField(VALUE.metadata, metadata), bytesField(VALUE.tensor, tensor));
}

export function histogramValue(tag: string, histogram: Histogram): Uint8Array {
  const fields = message(
    doubleField(HISTOGRAM.min, histogram.min),
    doubleField(HISTOGRAM.max, histogram.max),
    doubleField(HISTOGRAM.count, histogram.count),
    doubleField(HISTOGRAM.sum, histogram.sum),
    doubleField(HISTOGRAM.sumOfSquares, histogram.sumOfSquares),
    doublesField(HISTOGRAM.limits, histogram.limits),
    doublesField(HISTOGRAM.counts, histogram.counts),
  );
  return message(bytesField(VALUE.tag, tag), bytesField(VALUE.histogram, fields));
}

export function imageValue(tag: string, { height, width, channels, png }: EncodedImage): Uint8Array {
  const fields = message(
    integerField(IMAGE.height, height),
    integerField(IMAGE.width, width),
    integerField(IMAGE.colorspace, channels),
    bytesField(IMAGE.encoded, png),
  );
  return message(bytesField(VALUE.tag, tag), bytesField(VALUE.image, fields));
}
