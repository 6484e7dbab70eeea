import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';

/** A golden case: `fn` with inputs and options gives what is expected. */
export interface GoldenCase {
  readonly name: string;
  readonly fn: string;
  readonly inputs: never;
  readonly options: never;
  readonly expected: Readonly<Record<string, unknown>>;
  readonly tolerance: number;
}

/** The cases of the fixture, or of another file of the same form where `GOLDEN_CASES` names one. */
export const goldenCases = (): GoldenCase[] =>
  JSON.parse(
    readFileSync(process.env.GOLDEN_CASES ?? join(__dirname, '..', 'fixtures', 'golden.json'), 'utf8'),
  ) as GoldenCase[];

/** Compares number by number: |got − expected| ≤ tolerance · max(1, |expected|); null stands for undefined. */
export function expectGolden(got: unknown, expected: unknown, tolerance: number, where: string): void {
  if (Array.isArray(expected)) {
    const entries = Array.from(got as ArrayLike<unknown>);
    expect({ where, length: entries.length }).toEqual({ where, length: expected.length });
    for (const [i, value] of expected.entries()) expectGolden(entries[i], value, tolerance, `${where}[${i}]`);
  } else if (typeof expected === 'number') {
    const off = Math.abs((got as number) - expected);
    const isNear = off <= tolerance * Math.max(1, Math.abs(expected));
    if (!isNear) expect({ where, got }).toEqual({ where, got: expected });
  } else if (expected === null) {
    expect({ where, got: got === undefined || Number.isNaN(got) ? null : got }).toEqual({ where, got: null });
  } else {
    expect({ where, got }).toEqual({ where, got: expected });
  }
}
