/** An error that a user can act on: the command prints its message without a stack. */
export abstract class WorkbenchError extends Error {
  abstract readonly code: string;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** A command that cannot be meant as it stands: an unknown name, a flag that does not fit. Exit code 2. */
export class UsageError extends WorkbenchError {
  readonly code = 'papers/usage';
}

/** A `paper.json` or a `bench/benchmark.ts` that does not say what it has to. */
export class PaperError extends WorkbenchError {
  readonly code = 'papers/invalid-paper';
}

/** A result or seed file that is not what the schema says. */
export class ResultFileError extends WorkbenchError {
  readonly code = 'papers/invalid-result';
}

/** A place for output that cannot be written. */
export class OutputError extends WorkbenchError {
  readonly code = 'papers/unwritable-output';
}

/** A folder that another run is writing to. */
export class FolderInUseError extends WorkbenchError {
  readonly code = 'papers/folder-in-use';
}

/** Values that differ between seeds of one run and must not. */
export class MergeError extends WorkbenchError {
  readonly code = 'papers/seeds-differ';
}

/** A value that a benchmark handed over and that its contract does not allow. */
export class BenchmarkContractError extends WorkbenchError {
  readonly code = 'papers/benchmark-contract';
}

/** A seed that came to no result: its process failed, or another engine answered than the expected one. */
export class SeedError extends WorkbenchError {
  readonly code = 'papers/seed-failed';
}
