/** The base of all errors of the statistics: `code` names the cause for a program, the message says what to do. */
export abstract class StatisticsError extends Error {
  abstract readonly code: string;
}

/** Fewer samples than the statistic needs; a standard deviation, say, needs two. */
export class TooFewSamplesError extends StatisticsError {
  readonly code = 'statistics/too-few-samples';
  override readonly name = 'TooFewSamplesError';
}

/** Two lists that belong together differ in length. */
export class SampleLengthError extends StatisticsError {
  readonly code = 'statistics/length-mismatch';
  override readonly name = 'SampleLengthError';
}

/** NaN or an infinity among the samples. */
export class NonFiniteSampleError extends StatisticsError {
  readonly code = 'statistics/not-finite';
  override readonly name = 'NonFiniteSampleError';
}

/** An option or a parameter outside its range. */
export class StatisticsOptionError extends StatisticsError {
  readonly code = 'statistics/bad-option';
  override readonly name = 'StatisticsOptionError';
}
