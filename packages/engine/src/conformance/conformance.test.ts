import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { useEngine } from '../use-engine.js';
import type { ConformanceCase } from './case.js';
import { runCase } from './run.js';

const { cases } = JSON.parse(readFileSync(join(__dirname, '../../fixtures/conformance.json'), 'utf8')) as {
  cases: ConformanceCase[];
};

beforeAll(async () => {
  await useEngine({ log: () => {} });
});

describe('conformance to float64', () => {
  it('has no case of one name twice', () => {
    expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length);
  });

  it.each(cases.map((each) => [each.id, each] as const))('%s', (_id, each) => {
    const { forward, gradient } = runCase(each);
    expect(forward).toMatchObject({ status: 'ok' });
    if (gradient) expect(gradient).toMatchObject({ status: 'ok' });
  });

  it('finds wrong numbers, a wrong shape and what throws', () => {
    const relu = cases.find(({ id }) => id === 'relu')!;
    const off = { ...relu, output: { ...relu.output, values: relu.output.values.map((value) => value + 1e-3) } };
    expect(runCase(off).forward).toMatchObject({ status: 'wrong' });
    expect(runCase({ ...relu, output: { ...relu.output, shape: [15] } }).forward.message).toContain('shape [3, 5]');
    const gradients = relu.gradients!.map((gradient) => ({ ...gradient, values: gradient.values.map((v) => v * 2) }));
    expect(runCase({ ...relu, gradients }).gradient).toMatchObject({ status: 'wrong' });
    expect(runCase({ ...relu, op: 'matMul' }).forward).toMatchObject({ status: 'failed' });
  });
});
