import { type Matrix, type MatrixOperations, plainOperations, rowRange } from '@tensor-papers/numerics/linalg';
import { type Codes, packSigns, wordsOf } from '../codes/codes.js';
import { NotFittedError } from '../errors.js';
import { type FieldReader, type Fields, jsonReader, packFields } from '../json-fields.js';
import { requireFlag, requireInteger } from '../options.js';
import { requireVectors } from '../vectors/require-vectors.js';
import { encodeOptionsOf, fitOptionsOf } from './fit-options.js';
import type { EncodeOptions, FitOptions, FitReport, Hasher, HasherJson } from './hasher.js';
import { normalizedRows, rowBlocks } from './rows.js';
import { prepareTraining, type Training } from './training.js';

/** Options of every learned hasher. */
export interface HasherOptions {
  /** Bits of a code. */
  readonly bits: number;
  /** Whether vectors are scaled to length 1 first, so that angles decide, not lengths. Default false. */
  readonly normalize?: boolean;
  /** Learn from at most so many vectors, drawn with the seed. */
  readonly sample?: number;
}

/** How models of one kind turn vectors into numbers, and what they consist of. */
export interface ModelKind<Model> {
  dimensions(model: Model): number;
  /** The numbers whose signs are the bits, `[b × bits]`. @param block `[b × d]` */
  score(model: Model, block: Matrix, operations: MatrixOperations): Promise<Matrix>;
  fields(model: Model): Fields;
  /** @throws HashOptionError */
  read(reader: FieldReader, bits: number): Model;
}

/** What a method has learnt. */
export interface Learned<Model> {
  readonly model: Model;
  readonly objective?: readonly number[];
  readonly warnings?: readonly string[];
}

/** What a method is, beside its options. */
export interface Method<Model> {
  readonly kind: string;
  /** Its class, as messages name it. */
  readonly name: string;
  readonly model: ModelKind<Model>;
  readonly supervised?: boolean;
  /** The least number of vectors to learn from. Default 2. */
  readonly leastRows?: number;
}

/** So many rows are looked at for bits that never change. */
const inspectedRows = 1000;

/** What all hashers that learn a model have in common: the state, blocks of vectors, JSON. A method adds how it learns. */
export abstract class LearnedHasher<Model> implements Hasher {
  readonly kind: string;
  readonly bits: number;
  readonly #method: Method<Model>;
  readonly #options: HasherOptions;
  #model: Model | undefined;

  protected constructor(method: Method<Model>, options: HasherOptions) {
    const { name } = method;
    requireInteger(name, 'bits', options.bits, 1);
    if (options.sample !== undefined) requireInteger(name, 'sample', options.sample, 1);
    if (options.normalize !== undefined) requireFlag(name, 'normalize', options.normalize);
    this.kind = method.kind;
    this.bits = options.bits;
    this.#method = method;
    this.#options = options;
  }

  /** Learns a model; must leave the hasher as it is. */
  protected abstract learn(training: Training): Promise<Learned<Model>>;

  get dimensions(): number | null {
    return this.#model === undefined ? null : this.#method.model.dimensions(this.#model);
  }

  async fit(vectors: Matrix, options: FitOptions = {}): Promise<FitReport> {
    const { name, supervised = false, leastRows = 2 } = this.#method;
    const { signal } = fitOptionsOf(`${name}.fit`, options);
    signal?.throwIfAborted();
    const { normalize = false, sample } = this.#options;
    const needs = { normalize, sample, supervised, leastRows };
    const training = prepareTraining(this.#method, vectors, options, needs);
    const { model, objective = [], warnings = [] } = await this.learn(training);
    const constant = await this.#constantBits(model, training);
    signal?.throwIfAborted();
    this.#model = model;
    return { rows: training.rows.rows, objective, warnings: [...warnings, ...constant] };
  }

  async encode(vectors: Matrix, options: EncodeOptions = {}): Promise<Codes> {
    const blocks = this.#blocks('encode', vectors, options);
    const words = new Uint32Array(vectors.rows * wordsOf(this.bits));
    for await (const { start, scores } of blocks) {
      words.set(packSigns(scores, this.bits).words, start * wordsOf(this.bits));
    }
    return { n: vectors.rows, bits: this.bits, words };
  }

  async project(vectors: Matrix, options: EncodeOptions = {}): Promise<Float32Array> {
    const blocks = this.#blocks('project', vectors, options);
    const projected = new Float32Array(vectors.rows * this.bits);
    for await (const { start, scores } of blocks) projected.set(scores, start * this.bits);
    return projected;
  }

  /** Options and model; arrays keep every bit. @throws NotFittedError */
  toJSON(): HasherJson {
    const { kind, model } = this.#method;
    const fields = packFields(model.fields(this.#fitted('toJSON')));
    return { kind, version: 1, options: { ...this.#options }, model: fields };
  }

  /** @internal */
  static restore<Model, H extends LearnedHasher<Model>>(
    json: HasherJson,
    { kind, name, model }: Method<Model>,
    create: (options: never) => H,
  ): H {
    const reader = jsonReader(`${name}.fromJson`, 'a hasher', kind, json);
    const hasher = create(reader.object('options') as never);
    hasher.#model = model.read(reader.fields('model'), hasher.bits);
    return hasher;
  }

  /** The model. @throws NotFittedError */
  #fitted(call: string): Model {
    if (this.#model !== undefined) return this.#model;
    throw new NotFittedError(`${this.#method.name}.${call}: fit it first, or load it with fromJson`);
  }

  /** Checks at once, computes block by block. */
  #blocks(call: string, vectors: Matrix, options: EncodeOptions) {
    const model = this.#fitted(call);
    const what = `${this.#method.name}.${call}`;
    requireVectors(what, vectors, this.#method.model.dimensions(model));
    const given = encodeOptionsOf(what, options);
    return scoreBlocks(this.#method.model, model, vectors, { ...given, normalize: this.#options.normalize ?? false });
  }

  async #constantBits(model: Model, { rows, operations }: Training): Promise<string[]> {
    const count = Math.min(rows.rows, inspectedRows);
    const scores = await this.#method.model.score(model, rowRange(rows, 0, count), operations);
    const ones = new Float64Array(this.bits);
    for (let i = 0; i < scores.values.length; i++) if (scores.values[i]! >= 0) ones[i % this.bits]! += 1;
    const constant = Array.from(ones.keys()).filter((bit) => ones[bit] === 0 || ones[bit] === count);
    if (constant.length === 0 || count < 2) return [];
    return [`bits that are the same for all of ${count} training vectors: ${constant.join(', ')}`];
  }
}

/** Scores of vectors in blocks, float32. */
export async function* scoreBlocks<Model>(
  kind: ModelKind<Model>,
  model: Model,
  vectors: Matrix,
  { normalize, operations = plainOperations(), signal }: EncodeOptions & { readonly normalize: boolean },
): AsyncGenerator<{ start: number; scores: Float32Array }> {
  for (const [start, end] of rowBlocks(vectors.rows, vectors.columns)) {
    signal?.throwIfAborted();
    const block = normalize ? normalizedRows(vectors, start, end) : rowRange(vectors, start, end);
    yield { start, scores: Float32Array.from((await kind.score(model, block, operations)).values) };
  }
}

/** Scores of all training rows, `[n × m]`, in the number format of the operations. */
export async function scoreAll<Model>(
  kind: Pick<ModelKind<Model>, 'score'>,
  model: Model,
  { rows, operations }: Pick<Training, 'rows' | 'operations'>,
): Promise<Matrix> {
  let all: Matrix | undefined;
  for (const [start, end] of rowBlocks(rows.rows, rows.columns)) {
    const { columns, values } = await kind.score(model, rowRange(rows, start, end), operations);
    const size = rows.rows * columns;
    all ??= {
      rows: rows.rows,
      columns,
      values: values instanceof Float32Array ? new Float32Array(size) : new Float64Array(size),
    };
    all.values.set(values, start * columns);
  }
  return all!;
}
