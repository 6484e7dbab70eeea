import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type EngineInfo, useEngine } from '../use-engine.js';
import type { ConformanceCase } from './case.js';
import { runCase } from './run.js';

const { cases } = JSON.parse(readFileSync(join(__dirname, '../../fixtures/conformance.json'), 'utf8')) as {
  cases: ConformanceCase[];
};

/** What does not hold yet, on any engine: an entry that starts to hold has to leave the list. */
const everywhere = [
  'conv2d size 9, kernel 3, stride 1, same, dilation 2 gradient',
  'conv2d size 9, kernel 3, stride 1, valid, dilation 2 gradient',
  'cumsum gradient',
  'einsum gradient',
  'gatherND gradient',
  'matMul, batch broadcast gradient',
  'maximum broadcast gradient',
  'minimum broadcast gradient',
  'mirrorPad gradient',
  'resizeBilinear, half pixel centres gradient',
  'scatterND gradient',
  'squaredDifference broadcast gradient',
  'stridedSlice gradient',
];

const averagePooling = [
  'avgPool size 6, window 3, stride 1, same gradient',
  'avgPool size 7, window 3, stride 2, same gradient',
];

const onEngine: Partial<Record<EngineInfo['name'], string[]>> = {
  tensorflow: [],
  wasm: [
    ...averagePooling,
    'depthwiseConv2d size 6, stride 1, same gradient',
    'depthwiseConv2d size 7, stride 2, same gradient',
    'depthwiseConv2d size 7, stride 2, valid gradient',
    'einsum forward',
    'maxPool size 6, window 2, stride 2, valid gradient',
    'maxPool size 6, window 3, stride 1, same gradient',
    'maxPool size 7, window 2, stride 2, valid gradient',
    'maxPool size 7, window 3, stride 2, same gradient',
    'separableConv2d gradient',
  ],
  cpu: [
    ...averagePooling,
    'resizeBilinear gradient',
    'resizeBilinear, corners aligned gradient',
    'resizeNearestNeighbor gradient',
  ],
};

let engine: EngineInfo;

beforeAll(async () => {
  engine = await useEngine({ log: () => {} });
});

describe('conformance to float64', () => {
  it('has no case of one name twice', () => {
    expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length);
  });

  it('holds for every case but the listed ones', () => {
    const failed = cases.flatMap((each) => {
      const { id, forward, gradient } = runCase(each);
      return [
        ...(forward.status === 'ok' ? [] : [`${id} forward`]),
        ...(gradient === null || gradient.status === 'ok' ? [] : [`${id} gradient`]),
      ];
    });
    expect(failed.sort()).toEqual([...everywhere, ...(onEngine[engine.name] ?? [])].sort());
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
