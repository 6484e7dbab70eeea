/** A golden case: `fn` with inputs and options gives what is expected. */
export interface GoldenCase {
  readonly name: string;
  readonly fn: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** An option that is null is not given. */
  readonly options?: Readonly<Record<string, unknown>> | null;
  readonly expected: Readonly<Record<string, unknown>>;
  readonly tolerance: number;
}

/**
 * `fn` → answers to everything that its cases can expect: values, or functions that compute them when they are asked for.
 * What is expected comes along because some cases ask for what only their answers name, such as how many neighbours.
 */
export type GoldenCalls = Readonly<Record<string, (inputs: never, options: never, expected: never) => unknown>>;

export interface GoldenOptions {
  /** The file of the package's own cases. */
  readonly fixture: string;
  readonly calls: GoldenCalls;
  /** Functions that the package does not have yet; each has to be in the fixture. */
  readonly pending?: readonly string[];
  /** Options whose null is a value of its own; every other option that is null is left out. */
  readonly keepNull?: readonly string[];
  /** Runs a call and its answers, for what is tidied after them: `tf.tidy`. */
  readonly tidy?: (work: () => never) => unknown;
}

export interface GoldenSuite {
  readonly title: string;
  /** What is wrong with the mapping, as sentences. */
  readonly findings: readonly string[];
  /** The cases of the fixture, pending ones included. */
  readonly fixture: readonly GoldenCase[];
  /** The cases to run: of the fixture, or of the file that `GOLDEN_CASES` names, without pending ones. */
  readonly cases: readonly GoldenCase[];
  /** What is not as a case expects, as sentences. */
  check(golden: GoldenCase): Promise<string[]>;
}

/** The golden cases of a package, to be run by its `golden.test.ts`. */
export function goldenSuite(options: GoldenOptions): GoldenSuite;

/** The cases of a file. */
export function readGoldenCases(file: string): GoldenCase[];

/**
 * Differences as sentences; number by number |got − expected| ≤ tolerance · max(1, |expected|), texts are equal, a flag may be
 * true or 1. null in the expectation means undefined: the answer has to be undefined, null or NaN there.
 */
export function goldenDifferences(where: string, got: unknown, expected: unknown, tolerance: number): string[];
