/** An input of the report cannot be used. The message names the file, the field, what was expected and what to do. */
export class ReportInputError extends Error {
  constructor(
    readonly code: 'report/bad-result' | 'report/bad-paper' | 'report/bad-api',
    readonly file: string,
    message: string,
  ) {
    super(`${file}: ${message}`);
    this.name = 'ReportInputError';
  }
}

/** The report cannot be written where it was asked for. */
export class ReportOutputError extends Error {
  readonly code = 'report/bad-output';

  constructor(message: string) {
    super(message);
    this.name = 'ReportOutputError';
  }
}
