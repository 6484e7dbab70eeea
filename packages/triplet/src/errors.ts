/** The base of all errors of this package: `code` names the cause for a program, the message says what to do. */
export abstract class TripletError extends Error {
  abstract readonly code: string;
}

/** Embeddings of another rank, width or dtype than `[B, D]` float32. */
export class EmbeddingsError extends TripletError {
  readonly code = 'triplet/bad-embeddings';
  override readonly name = 'EmbeddingsError';
}

/** Labels of another length or dtype than the rows that they belong to, or outside the classes. */
export class LabelsError extends TripletError {
  readonly code = 'triplet/bad-labels';
  override readonly name = 'LabelsError';
}

/** A batch, a reference set or a data set without a single row. */
export class EmptyBatchError extends TripletError {
  readonly code = 'triplet/empty-batch';
  override readonly name = 'EmptyBatchError';
}

/** NaN or an infinity among embeddings or distances. */
export class NonFiniteError extends TripletError {
  readonly code = 'triplet/non-finite';
  override readonly name = 'NonFiniteError';
}

/** An option outside its range, or a combination of parts that does not go together. */
export class OptionError extends TripletError {
  readonly code = 'triplet/bad-option';
  override readonly name = 'OptionError';
}

/** Triplets or pairs that point outside the batch, or whose lists have different lengths. */
export class TuplesError extends TripletError {
  readonly code = 'triplet/bad-tuples';
  override readonly name = 'TuplesError';
}

/** A reference set or a memory that does not fit the batch. */
export class ReferenceSetError extends TripletError {
  readonly code = 'triplet/bad-reference-set';
  override readonly name = 'ReferenceSetError';
}

/** Labels from which no class-balanced batch can be drawn. */
export class SamplerError extends TripletError {
  readonly code = 'triplet/bad-sampler';
  override readonly name = 'SamplerError';
}

/** Classes that cannot be split, or that are in training and in validation. */
export class SplitError extends TripletError {
  readonly code = 'triplet/bad-split';
  override readonly name = 'SplitError';
}

/** A run that was aborted before it had a model was asked for it. */
export class NoModelError extends TripletError {
  readonly code = 'triplet/no-model';
  override readonly name = 'NoModelError';
}

/** A memory was used after its `dispose()`. */
export class DisposedError extends TripletError {
  readonly code = 'triplet/disposed';
  override readonly name = 'DisposedError';
}
