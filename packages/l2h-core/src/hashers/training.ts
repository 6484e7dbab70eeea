import { type Matrix, type MatrixOperations, plainOperations } from '@tensor-papers/numerics/linalg';
import { createRng, type Rng } from '@tensor-papers/numerics/random';
import { NonFiniteVectorError, TrainingDataError } from '../errors.js';
import { isList } from '../lists.js';
import { shown } from '../shown.js';
import { requireVectors } from '../vectors/require-vectors.js';
import type { FitOptions } from './hasher.js';
import { normalizeRows, takeRows } from './rows.js';

/** The classes of training rows. */
export interface Classes {
  /** Class of each row, 0 … count − 1. */
  readonly of: Int32Array;
  readonly count: number;
}

/** What a method learns from: checked, drawn, scaled. */
export interface Training {
  readonly rows: Matrix;
  /** Of supervised methods; else no classes. */
  readonly classes: Classes;
  readonly rng: Rng;
  readonly operations: MatrixOperations;
  /** To be awaited after each iteration: reports it, lets other work run, and throws when the fit has been aborted. */
  step(fraction: number, objective?: number): Promise<void>;
}

/** What a method asks of its training data. */
export interface TrainingNeeds {
  readonly normalize: boolean;
  /** At most so many rows, drawn with the seed; default all. */
  readonly sample?: number | undefined;
  readonly supervised: boolean;
  /** The least number of rows; 1 for methods that learn nothing from them. */
  readonly leastRows: number;
}

/** Numbers above have squares, and sums of squares, that may overflow. */
const largest = 1e100;

/** So long, in ms, a fit may run before it lets timers and events in. */
const breath = 30;

/** @param options checked already @throws TrainingDataError, VectorShapeError, NonFiniteVectorError */
export function prepareTraining(
  { kind, name }: { readonly kind: string; readonly name: string },
  vectors: Matrix,
  options: FitOptions,
  needs: TrainingNeeds,
): Training {
  const what = `${name}.fit`;
  const { seed = 0, labels, operations = plainOperations(), signal, progress } = options;
  requireVectors(what, vectors);
  if (vectors.values instanceof Float64Array && exceeds(vectors.values, largest)) {
    throw new NonFiniteVectorError(`${what}: squares of numbers above ${largest} overflow; scale the vectors down`);
  }
  const rng = createRng(seed).stream(kind);
  const { rows, drawn } = drawRows(vectors, needs.sample, rng);
  if (rows.rows < needs.leastRows) {
    throw new TrainingDataError(`${what}: expected at least ${needs.leastRows} vectors, got ${rows.rows}`);
  }
  const scaled = needs.normalize ? { ...rows, values: rows.values.slice() } : rows;
  if (needs.normalize) normalizeRows(scaled);
  if (needs.leastRows > 1) refuseConstant(what, scaled);
  const classes = needs.supervised ? classesOf(what, labels, vectors.rows, drawn) : noClasses;
  let paused = Date.now();
  return {
    rows: scaled,
    classes,
    rng,
    operations,
    async step(fraction, objective) {
      progress?.(fraction, objective);
      if (Date.now() - paused > breath) {
        await new Promise((resolve) => setTimeout(resolve));
        paused = Date.now();
      }
      signal?.throwIfAborted();
    },
  };
}

function exceeds(values: Float64Array, limit: number): boolean {
  for (let i = 0; i < values.length; i++) if (Math.abs(values[i]!) > limit) return true;
  return false;
}

const noClasses: Classes = { of: new Int32Array(), count: 0 };

/** The rows to learn from, in their order, and where they stood, if not all. */
export function drawRows(vectors: Matrix, sample: number | undefined, rng: Rng): { rows: Matrix; drawn?: Int32Array } {
  if (sample === undefined || sample >= vectors.rows) return { rows: vectors };
  const drawn = rng.stream('sample').permutation(vectors.rows).subarray(0, sample).sort();
  return { rows: takeRows(vectors, drawn), drawn };
}

/** Rows that differ by no more than rounding count as equal. */
function refuseConstant(what: string, { rows, columns, values }: Matrix): void {
  const rounding = (values instanceof Float32Array ? 2 ** -23 : 2 ** -52) * 8;
  for (let i = 0; i < values.length; i++) {
    const first = values[i % columns]!;
    if (Math.abs(values[i]! - first) > rounding * Math.abs(first)) return;
  }
  throw new TrainingDataError(`${what}: all ${rows} vectors are equal; there is nothing to learn`);
}

function classesOf(
  what: string,
  labels: ArrayLike<number> | undefined,
  rows: number,
  drawn: Int32Array | undefined,
): Classes {
  if (!labels) throw new TrainingDataError(`${what}: learns from classes; pass labels, one class id a vector`);
  if (!isList(labels)) {
    throw new TrainingDataError(`${what}: labels: expected an array of class ids, got ${shown(labels)}`);
  }
  if (labels.length !== rows) {
    throw new TrainingDataError(`${what}: expected one label for each of ${rows} vectors, got ${labels.length}`);
  }
  const known = new Map<number, number>();
  const of = Int32Array.from({ length: drawn?.length ?? rows }, (_, i) => {
    const at = drawn ? drawn[i]! : i;
    const label = labels[at]!;
    if (!Number.isFinite(label)) {
      throw new TrainingDataError(`${what}: expected numbers as class ids, got ${shown(label)} for vector ${at}`);
    }
    if (!known.has(label)) known.set(label, known.size);
    return known.get(label)!;
  });
  if (known.size < 2) {
    const where = drawn ? 'the vectors drawn for training' : 'the vectors';
    throw new TrainingDataError(`${what}: expected vectors of at least 2 classes, got ${known.size} among ${where}`);
  }
  return { of, count: known.size };
}
