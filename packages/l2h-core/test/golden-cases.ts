import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A golden case: `fn` with inputs and options gives what is expected. */
export interface GoldenCase {
  readonly name: string;
  readonly fn: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** null stands for an option that is not given. */
  readonly options?: Readonly<Record<string, unknown>> | null;
  readonly expected: Readonly<Record<string, unknown>>;
  readonly tolerance: number;
}

/**
 * `fn` → every value that its cases can expect, computed by the package. What is expected comes along because one case asks several questions
 * that only its answers name, such as how many neighbours.
 */
export type GoldenCalls = Readonly<Record<string, (inputs: never, options: never, expected: never) => unknown>>;

/** The cases of the fixture. */
export const fixtureCases = (): GoldenCase[] => casesIn(join(__dirname, '..', 'fixtures', 'golden.json'));

export const casesIn = (file: string): GoldenCase[] => JSON.parse(readFileSync(file, 'utf8')) as GoldenCase[];

/** What a call gives for a case, as sentences about what is not as expected. */
export async function checkGolden(calls: GoldenCalls, golden: GoldenCase): Promise<string[]> {
  const { fn, inputs, options, expected, tolerance } = golden;
  const call = Object.hasOwn(calls, fn) ? calls[fn]! : undefined;
  if (!call) return [`unknown fn '${fn}': map it to a call, or list it as pending`];
  const given = Object.fromEntries(Object.entries(options ?? {}).filter(([, value]) => value !== null));
  const got = await call(inputs as never, given as never, expected as never);
  return differences('', got, expected, tolerance);
}

/**
 * Compares number by number: |got − expected| ≤ tolerance · max(1, |expected|). null stands for undefined; a flag may be true or 1.
 */
export function differences(where: string, got: unknown, expected: unknown, tolerance: number): string[] {
  if (expected === null) {
    const isUndefined = got === undefined || got === null || Number.isNaN(got);
    return isUndefined ? [] : [`${where}: expected nothing, got ${got}`];
  }
  if (Array.isArray(expected)) {
    const entries = Array.isArray(got) || ArrayBuffer.isView(got) ? Array.from(got as ArrayLike<unknown>) : undefined;
    if (entries?.length !== expected.length) {
      return [`${where}: expected ${expected.length} entries, got ${entries?.length ?? got}`];
    }
    return expected.flatMap((value, i) => differences(`${where}[${i}]`, entries[i], value, tolerance));
  }
  if (typeof expected === 'object') {
    return Object.entries(expected).flatMap(([key, value]) =>
      Object.hasOwn(Object(got), key)
        ? differences(`${where}.${key}`, (got as Record<string, unknown>)[key], value, tolerance)
        : [`${where}.${key}: no call answers it`],
    );
  }
  const isText = typeof expected === 'string';
  const near = Math.abs(Number(got) - Number(expected)) <= tolerance * Math.max(1, Math.abs(Number(expected)));
  return (isText ? got === expected : got !== null && near) ? [] : [`${where}: expected ${expected}, got ${got}`];
}
