/** The base of all errors of this package: `code` names the cause for a program, the message says what to do. */
export abstract class BanError extends Error {
  abstract readonly code: string;
}

/** A mode that does not exist. */
export class UnknownModeError extends BanError {
  readonly code = 'ban/unknown-mode';
  override readonly name = 'UnknownModeError';
}

/** Logits of another rank, shape or dtype than `[B, C]` float32. */
export class LogitsError extends BanError {
  readonly code = 'ban/bad-logits';
  override readonly name = 'LogitsError';
}

/** Teacher and student (or the members of an ensemble, or the data) disagree on the number of classes. */
export class ClassCountError extends BanError {
  readonly code = 'ban/class-count';
  override readonly name = 'ClassCountError';
}

/** Labels of another shape or dtype than `[B]` int32, or outside 0 … C − 1. */
export class LabelsError extends BanError {
  readonly code = 'ban/bad-labels';
  override readonly name = 'LabelsError';
}

/** A batch, a data set or an ensemble without a single member. */
export class EmptyBatchError extends BanError {
  readonly code = 'ban/empty-batch';
  override readonly name = 'EmptyBatchError';
}

/** The mode needs an input (teacher logits, labels, a permutation) that was not given. */
export class MissingInputError extends BanError {
  readonly code = 'ban/missing-input';
  override readonly name = 'MissingInputError';
}

/** NaN or an infinity among logits. */
export class NonFiniteError extends BanError {
  readonly code = 'ban/non-finite';
  override readonly name = 'NonFiniteError';
}

/** An option outside its range, or one that the chosen mode does not know. */
export class OptionError extends BanError {
  readonly code = 'ban/bad-option';
  override readonly name = 'OptionError';
}

/** A permutation of another shape than `[B, C − 1]`, or a row that is no permutation. */
export class PermutationError extends BanError {
  readonly code = 'ban/bad-permutation';
  override readonly name = 'PermutationError';
}

/** Two generations would share their seed or their model, which makes a student a copy of its teacher. */
export class SharedGenerationError extends BanError {
  readonly code = 'ban/shared-generation';
  override readonly name = 'SharedGenerationError';
}

/** A model or teacher was used after its `dispose()`. */
export class DisposedError extends BanError {
  readonly code = 'ban/disposed';
  override readonly name = 'DisposedError';
}

/** Saved generations that are missing, incomplete, changed or of another form. */
export class SavedGenerationsError extends BanError {
  readonly code = 'ban/bad-saved-generations';
  override readonly name = 'SavedGenerationsError';
}
