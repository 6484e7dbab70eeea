import type * as tf from '@tensorflow/tfjs';
import { requireEmbeddings } from '../checks.js';
import type { Distance } from '../distances/distance.js';
import { valuesOf } from '../distances/values-of.js';
import { NonFiniteError, ReferenceSetError } from '../errors.js';
import { type Labels, MISSING, readLabels } from '../labels.js';

/** What a batch is compared with, in place of itself. */
export interface ReferenceSet {
  /** `[R, D]` float32. */
  readonly embeddings: tf.Tensor2D;
  /** `[R]`. */
  readonly labels: Labels;
  /**
   * `[B]`: for each row of the batch the reference row that is the same image, which is then no positive of it; −1 where there is none.
   * Default: none.
   */
  readonly own?: ArrayLike<number>;
  /** No gradient goes to the reference rows. Default false. */
  readonly constant?: boolean;
}

/** A batch compared with itself or with a reference set: what miners and losses read. */
export interface Comparison {
  /** `[rows × columns]`, as the distance gives them. */
  readonly values: Float32Array;
  readonly rows: number;
  readonly columns: number;
  readonly distance: Distance;
  /** 1 for a similarity, −1 for a distance: sign · value is closeness, of which more is closer. */
  readonly sign: 1 | -1;
  /** D of the embeddings. */
  readonly dimensions: number;
  readonly labels: Int32Array;
  readonly referenceLabels: Int32Array;
  /** The column that is the row's own image, −1 where there is none. */
  readonly own: Int32Array;
  /** The columns of each class, in order. */
  readonly columnsOf: ReadonlyMap<number, Int32Array>;
  /** Whether rows and columns are the same images. */
  readonly within: boolean;
}

/** What is compared, before the values are known. */
export interface ComparisonInputs {
  readonly embeddings: tf.Tensor2D;
  readonly labels: Labels;
  readonly distance: Distance;
  readonly reference?: ReferenceSet | undefined;
}

/** Everything of a comparison but its values; checks shapes, lengths and label values. */
export function comparisonFrame({ embeddings, labels, distance, reference }: ComparisonInputs) {
  const [rows, dimensions] = requireEmbeddings('embeddings', embeddings);
  const ids = readLabels('labels', labels, rows);
  const sign: 1 | -1 = distance.largerIsCloser ? 1 : -1;
  if (!reference) {
    const own = Int32Array.from({ length: rows }, (_, i) => i);
    return {
      ...{ rows, columns: rows, distance, sign, dimensions, labels: ids, referenceLabels: ids, own, within: true },
      columnsOf: groupByClass(ids),
    };
  }
  const [columns] = requireEmbeddings('reference embeddings', reference.embeddings, dimensions);
  const referenceLabels = readLabels('reference labels', reference.labels, columns);
  const own = readOwn(reference.own, rows, columns);
  return {
    ...{ rows, columns, distance, sign, dimensions, labels: ids, referenceLabels, own, within: false },
    columnsOf: groupByClass(referenceLabels),
  };
}

/** The positions of each label but the missing one. */
export function groupByClass(labels: Int32Array): Map<number, Int32Array> {
  const counts = new Map<number, number>();
  for (const label of labels) if (label !== MISSING) counts.set(label, (counts.get(label) ?? 0) + 1);
  const groups = new Map<number, Int32Array>();
  labels.forEach((label, position) => {
    if (label === MISSING) return;
    const left = counts.get(label)!;
    let group = groups.get(label);
    if (!group) {
      group = new Int32Array(left);
      groups.set(label, group);
    }
    group[group.length - left] = position;
    counts.set(label, left - 1);
  });
  return groups;
}

function readOwn(own: ArrayLike<number> | undefined, rows: number, columns: number): Int32Array {
  if (own === undefined) return new Int32Array(rows).fill(-1);
  if (own.length !== rows) {
    throw new ReferenceSetError(`own: expected ${rows} reference rows, one a row of the batch, got ${own.length}`);
  }
  const columnsOf = Int32Array.from(own);
  columnsOf.forEach((column, row) => {
    if (column !== own[row] || column < -1 || column >= columns) {
      throw new ReferenceSetError(`own[${row}]: expected a reference row 0 … ${columns - 1}, or −1, got ${own[row]}`);
    }
  });
  return columnsOf;
}

/** The distance matrix of the inputs, `[rows, columns]`. */
export function distanceMatrix({ embeddings, distance, reference }: ComparisonInputs): tf.Tensor2D {
  if (!reference) return distance.matrix(embeddings);
  return distance.matrix(embeddings, reference.embeddings, { constantReference: reference.constant ?? false });
}

/** Compares a batch with itself or with a reference set, and reads the result. */
export function compare(inputs: ComparisonInputs): Comparison {
  const frame = comparisonFrame(inputs);
  return withValues(
    frame,
    valuesOf(() => distanceMatrix(inputs)),
  );
}

/** The comparison of these values. Throws where one is NaN: it would be neither close nor far. */
export function withValues(frame: Omit<Comparison, 'values'>, values: Float32Array): Comparison {
  if (mayHoldNaN(values)) {
    const at = values.findIndex(Number.isNaN);
    if (at >= 0) {
      const [row, column] = [Math.floor(at / frame.columns), at % frame.columns];
      throw new NonFiniteError(
        `distance '${frame.distance.name}': the value of rows ${row} and ${column} is NaN; look at these embeddings`,
      );
    }
  }
  return { ...frame, values };
}

/** Whether a sum of the values is NaN. Four sums side by side, as an addition waits for the one before it. */
function mayHoldNaN(values: Float32Array): boolean {
  let [a, b, c, d] = [0, 0, 0, 0];
  const end = values.length - (values.length % 4);
  for (let i = 0; i < end; i += 4) {
    a += values[i]!;
    b += values[i + 1]!;
    c += values[i + 2]!;
    d += values[i + 3]!;
  }
  for (let i = end; i < values.length; i++) a += values[i]!;
  return Number.isNaN(a + b + c + d);
}

/** Whether rows i and j are a positive pair. */
export const isPositive = ({ labels, referenceLabels, own }: Comparison, i: number, j: number): boolean =>
  labels[i] === referenceLabels[j] && labels[i] !== MISSING && own[i] !== j;

/** Writes the positives of a row into `into`; returns how many. */
export function positivesOf({ labels, columnsOf, own }: Comparison, row: number, into: Int32Array): number {
  const columns = columnsOf.get(labels[row]!);
  if (!columns) return 0;
  const self = own[row]!;
  let count = 0;
  for (let i = 0; i < columns.length; i++) if (columns[i] !== self) into[count++] = columns[i]!;
  return count;
}

/** Writes the negatives of a row into `into`; returns how many. */
export function negativesOf({ labels, referenceLabels }: Comparison, row: number, into: Int32Array): number {
  const label = labels[row]!;
  if (label === MISSING) return 0;
  let count = 0;
  for (let j = 0; j < referenceLabels.length; j++) {
    const other = referenceLabels[j]!;
    if (other !== label && other !== MISSING) into[count++] = j;
  }
  return count;
}
