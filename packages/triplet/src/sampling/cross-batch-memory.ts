import * as tf from '@tensorflow/tfjs';
import { requireEmbeddings, requireInteger } from '../checks.js';
import { readRows } from '../distances/embedding-rows.js';
import { DisposedError, ReferenceSetError } from '../errors.js';
import { type Labels, MISSING, readLabels } from '../labels.js';
import type { ReferenceSet } from '../pairs/comparison.js';

/** Where a memory stands: enough to go on with it in another process. */
export interface CrossBatchMemoryState {
  /** `[rows × dimensions]`, of which the first `filled` rows are used. */
  readonly embeddings: Float32Array;
  readonly labels: Int32Array;
  readonly next: number;
  readonly filled: number;
}

/**
 * Cross-batch memory (Wang et al., CVPR 2020): the embeddings of the last batches, as constants, to compare a batch with. The oldest rows make
 * room for new ones.
 *
 * @example
 * const memory = new CrossBatchMemory({ rows: 4096, dimensions: 64 });
 * const loss = contrastiveLoss(embeddings, labels, { reference: memory.push(embeddings, labels) });
 */
export class CrossBatchMemory {
  readonly rows: number;
  readonly dimensions: number;
  readonly #values: Float32Array;
  readonly #labels: Int32Array;
  #next = 0;
  #filled = 0;
  #tensor: tf.Tensor2D | null = null;
  #disposed = false;

  /** @param options how many rows it holds, and D of the embeddings. @throws OptionError */
  constructor({ rows, dimensions }: { readonly rows: number; readonly dimensions: number }) {
    this.rows = requireInteger('rows', rows, 1);
    this.dimensions = requireInteger('dimensions', dimensions, 1);
    this.#values = new Float32Array(rows * dimensions);
    this.#labels = new Int32Array(rows).fill(MISSING);
  }

  /** How many rows it holds. */
  get size(): number {
    return this.#filled;
  }

  /**
   * Takes a batch in, and returns the memory as what to compare that batch with: its own rows among them, marked, so that no row is its own
   * positive.
   *
   * @param embeddings `[B, D]` float32, B at most `rows`; copied
   * @param labels `[B]` int32 or numbers
   * @throws ReferenceSetError for another dimension or a batch larger than the memory; EmbeddingsError, LabelsError, NonFiniteError,
   *   DisposedError
   */
  push(embeddings: tf.Tensor2D, labels: Labels): ReferenceSet {
    this.#requireAlive();
    const [batch, width] = requireEmbeddings('embeddings', embeddings);
    if (width !== this.dimensions) {
      throw new ReferenceSetError(
        `expected embeddings of ${this.dimensions} dimensions, as the memory holds, got ${width}; make a memory of that size`,
      );
    }
    if (batch > this.rows) {
      throw new ReferenceSetError(`expected a batch of at most ${this.rows} rows, what the memory holds, got ${batch}`);
    }
    const ids = readLabels('labels', labels, batch);
    const { values } = readRows('embeddings', embeddings, false);
    const own = new Int32Array(batch);
    for (let i = 0; i < batch; i++) {
      const row = (this.#next + i) % this.rows;
      this.#values.set(values.subarray(i * width, (i + 1) * width), row * width);
      this.#labels[row] = ids[i]!;
      own[i] = row;
    }
    this.#next = (this.#next + batch) % this.rows;
    this.#filled = Math.min(this.rows, this.#filled + batch);
    this.#forgetTensor();
    return { ...this.reference(), own };
  }

  /**
   * The memory as it is, for a batch that is not in it.
   *
   * @returns its tensor belongs to the memory and lives until the next `push`, `clear`, `restore` or `dispose`
   * @throws ReferenceSetError while it is empty; DisposedError
   */
  reference(): ReferenceSet {
    this.#requireAlive();
    if (this.#filled === 0) throw new ReferenceSetError('the memory is empty: push a batch first');
    this.#tensor ??= tf.keep(
      tf.tensor2d(this.#values.slice(0, this.#filled * this.dimensions), [this.#filled, this.dimensions]),
    );
    return { embeddings: this.#tensor, labels: this.#labels.slice(0, this.#filled), constant: true };
  }

  /** Forgets all rows. */
  clear(): void {
    this.#requireAlive();
    this.#next = 0;
    this.#filled = 0;
    this.#labels.fill(MISSING);
    this.#forgetTensor();
  }

  /** A copy of what it holds. */
  state(): CrossBatchMemoryState {
    return {
      embeddings: this.#values.slice(),
      labels: this.#labels.slice(),
      next: this.#next,
      filled: this.#filled,
    };
  }

  /**
   * Goes on where `state()` was taken.
   *
   * @throws ReferenceSetError for a state of another size; DisposedError
   */
  restore({ embeddings, labels, next, filled }: CrossBatchMemoryState): void {
    this.#requireAlive();
    const fits = embeddings.length === this.#values.length && labels.length === this.rows;
    if (!fits || !(next >= 0 && next < this.rows && filled >= 0 && filled <= this.rows)) {
      throw new ReferenceSetError(
        `restore: expected a state of ${this.rows} rows of ${this.dimensions} numbers, got ${labels.length} labels, ${embeddings.length} numbers`,
      );
    }
    this.#values.set(embeddings);
    this.#labels.set(labels);
    this.#next = next;
    this.#filled = filled;
    this.#forgetTensor();
  }

  dispose(): void {
    this.#forgetTensor();
    this.#disposed = true;
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  #forgetTensor(): void {
    this.#tensor?.dispose();
    this.#tensor = null;
  }

  #requireAlive(): void {
    if (this.#disposed) throw new DisposedError('this memory was disposed: make a new one');
  }
}
