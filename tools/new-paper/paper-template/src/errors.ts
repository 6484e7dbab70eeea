// REPLACE: one class for each cause that your functions can name; callers tell them apart by `code`.

/** Logits of another rank or dtype than `[B, C]` float32, or without a row or with fewer than two classes. */
export class LogitsError extends Error {
  readonly code = 'paper-name/bad-logits';
  override readonly name = 'LogitsError';
}

/** Labels of another shape or dtype than `[B]` int32, or outside 0 … C − 1. */
export class LabelsError extends Error {
  readonly code = 'paper-name/bad-labels';
  override readonly name = 'LabelsError';
}

/** NaN or an infinity among logits. */
export class NonFiniteError extends Error {
  readonly code = 'paper-name/non-finite';
  override readonly name = 'NonFiniteError';
}

/** An option outside its range. */
export class OptionError extends Error {
  readonly code = 'paper-name/bad-option';
  override readonly name = 'OptionError';
}
