/** A README, and what has to stand in it: an example and what it prints, both as fenced blocks. */
export interface ReadmeExample {
  readonly readme: string;
  readonly code: string;
  readonly output: string;
}

/**
 * Runs an example of a package as a user would.
 *
 * @param folder of the example, beside the README
 * @param name of its file
 * @param require of the test, which resolves what the example imports
 */
export function readmeExample(folder: string, name: string, require: NodeJS.Require): Promise<ReadmeExample>;
