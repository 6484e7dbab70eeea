import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { createRng } from '../random/index.js';
import * as statistics from '../statistics/index.js';
import * as metrics from './index.js';

interface Case {
  readonly name: string;
  readonly fn: string;
  readonly source: string;
  // biome-ignore lint/suspicious/noExplicitAny: the arguments of many functions
  readonly args: readonly any[];
  readonly expected: unknown;
  readonly tolerance: number;
}

const cases: Case[] = JSON.parse(readFileSync(join(__dirname, '..', '..', 'fixtures', 'metrics.json'), 'utf8'));

// biome-ignore lint/suspicious/noExplicitAny: the arguments of many functions
type Call = (...args: any[]) => unknown;
const ofConfusion =
  (measure: (matrix: ArrayLike<number>) => number): Call =>
  (predicted, labels, classes, options) =>
    measure(metrics.confusionMatrix(predicted, labels, classes, options));
const composed: Record<string, Call> = {
  meanIoUOf: ofConfusion(metrics.meanIoU),
  pixelAccuracyOf: ofConfusion(metrics.pixelAccuracy),
  balancedAccuracyOf: ofConfusion(metrics.balancedAccuracy),
  bootstrapInterval: (samples, options) => statistics.bootstrapInterval(samples, { ...options, rng: createRng(3) }),
  pairedBootstrapInterval: (a, b, options) =>
    statistics.pairedBootstrapInterval(a, b, { ...options, rng: createRng(4) }),
};
const functions = { ...statistics, ...metrics, ...composed } as unknown as Record<string, Call>;

/** Compares what is expected, and only that: null is NaN, an object names some of the fields. */
function expectClose(got: unknown, expected: unknown, tolerance: number, path: string): void {
  if (expected === null) {
    if (!Number.isNaN(got)) throw new Error(`${path}: expected NaN, got ${got}`);
  } else if (typeof expected === 'number') {
    const error = Math.abs((got as number) - expected);
    if (!(error <= tolerance * Math.max(1, Math.abs(expected)))) {
      throw new Error(`${path}: expected ${expected}, got ${got}`);
    }
  } else if (Array.isArray(expected)) {
    const values = got as ArrayLike<unknown>;
    expect(values).toHaveLength(expected.length);
    expected.forEach((entry, i) => {
      expectClose(values[i], entry, tolerance, `${path}[${i}]`);
    });
  } else if (typeof expected === 'object') {
    for (const [key, entry] of Object.entries(expected as object)) {
      expectClose((got as Record<string, unknown>)[key], entry, tolerance, `${path}.${key}`);
    }
  } else {
    expect(got).toBe(expected);
  }
}

describe.each([...new Set(cases.map(({ fn }) => fn))])('%s equals other libraries', (fn) => {
  it.each(cases.filter((entry) => entry.fn === fn))('$name ($source)', ({ args, expected, tolerance }) => {
    expectClose(functions[fn]!(...args), expected, tolerance, fn);
  });
});
