import { expect, it } from '@jest/globals';
import { createMatrix, type MatrixOperations, plainOperations } from '@tensor-papers/numerics/linalg';
import { createRng } from '@tensor-papers/numerics/random';
import { clusteredVectors } from '../../test/vectors.js';
import { HashOptionError } from '../errors.js';
import { FieldReader, packFields } from '../json-fields.js';
import { kernelFeatures, kernelModel } from './kernel-model.js';
import { Ksh } from './ksh.js';
import { Pcah } from './pcah.js';
import { Sdh } from './sdh.js';
import { SimHash } from './sim-hash.js';
import { prepareTraining } from './training.js';

it('stores numbers to the last bit', () => {
  const values = Float64Array.of(0.1, -0, 5e-324, 1.7976931348623157e308, Math.PI, -1e-300);
  const matrix = createMatrix(
    Float64Array.from({ length: 5000 }, (_, i) => Math.sin(i)),
    50,
  );
  const packed = JSON.parse(JSON.stringify(packFields({ values, matrix, width: 0.3 })));
  const reader = new FieldReader('test', packed);
  reader.vector('values', 6).forEach((value, i) => {
    expect(Object.is(value, values[i])).toBe(true);
  });
  expect(reader.matrix('matrix', 50, 100)).toEqual(matrix);
  expect(reader.number('width')).toBe(0.3);
  // The layout is fixed: little-endian doubles.
  expect(packFields({ one: Float64Array.of(1) })).toEqual({ one: { float64: 'AAAAAAAA8D8=' } });
  const broken = [
    () => new FieldReader('test', null),
    () => reader.vector('values', 7),
    () => reader.vector('width'),
    () => reader.number('values'),
    () => reader.matrix('matrix', 100, 50),
    () => reader.matrix('values'),
    () => new FieldReader('test', { a: { float64: '!!!' } }).vector('a'),
    () => new FieldReader('test', { a: { float64: 'AAAA' } }).vector('a'),
    () => new FieldReader('test', packFields({ a: Float64Array.of(Number.NaN) })).vector('a'),
    () => new FieldReader('test', { a: { ...packed.matrix, rows: 2.5, columns: 2000 } }).matrix('a'),
    () => new FieldReader('test', { a: null }).number('a'),
  ];
  for (const read of broken) expect(read).toThrow(HashOptionError);
});

it('gives kernel machines their formula, also far from 0', async () => {
  const rng = createRng(1);
  const normals = (length: number, shift = 0) => Float64Array.from({ length }, () => shift + rng.normal());
  const model = {
    anchors: createMatrix(normals(5 * 3, 1e6), 5),
    sigma: 1.3,
    mean: normals(5),
    weights: createMatrix(normals(2 * 5), 2),
  };
  const x = createMatrix(normals(4 * 3, 1e6), 4);
  const scores = await kernelModel.score(model, { ...x, values: x.values.slice() }, plainOperations());
  scores.values.forEach((score, at) => {
    const [i, bit] = [at >> 1, at & 1];
    let expected = 0;
    for (let t = 0; t < 5; t++) {
      let square = 0;
      for (let j = 0; j < 3; j++) square += (x.values[i * 3 + j]! - model.anchors.values[t * 3 + j]!) ** 2;
      expected += model.weights.values[bit * 5 + t]! * (Math.exp(-square / (2 * 1.3 ** 2)) - model.mean[t]!);
    }
    expect(score).toBeCloseTo(expected, 6);
  });
});

it('takes the mean distance to the ten nearest anchors as the width of a kernel', async () => {
  const data = clusteredVectors(40, 3, 1);
  const training = prepareTraining(
    { kind: 'test', name: 'Test' },
    data,
    { seed: 1 },
    {
      normalize: false,
      supervised: false,
      leastRows: 2,
    },
  );
  const { anchors, sigma, features, warnings } = await kernelFeatures('test', training, 15, undefined);
  expect([anchors.rows, warnings]).toEqual([15, []]);
  let sum = 0;
  for (let i = 0; i < 40; i++) {
    const distances = Array.from({ length: 15 }, (_, t) =>
      Math.hypot(...[0, 1, 2].map((j) => data.values[i * 3 + j]! - anchors.values[t * 3 + j]!)),
    );
    distances.forEach((distance, t) => {
      expect(features.values[i * 15 + t]).toBeCloseTo(Math.exp(-(distance ** 2) / (2 * sigma ** 2)), 9);
    });
    sum += distances
      .sort((a, b) => a - b)
      .slice(0, 10)
      .reduce((a, b) => a + b);
  }
  expect(sigma).toBeCloseTo(sum / 400, 9);
  const few = await kernelFeatures('test', training, 100, 2, true);
  expect([few.anchors.rows, few.sigma, few.warnings]).toEqual([40, 2, ['only 40 vectors: 40 anchors, not 100']]);
  expect(few.features.values).toBeInstanceOf(Float32Array);
});

it('draws rows and keeps their labels with them', () => {
  const values = Float64Array.from({ length: 100 }, (_, i) => i + 1);
  const labels = Array.from(values, (value) => Math.ceil(value / 20));
  const needs = { normalize: false, sample: 30, supervised: true, leastRows: 2 };
  const { rows, classes } = prepareTraining(
    { kind: 'test', name: 'Test' },
    createMatrix(values, 100),
    { labels, seed: 4 },
    needs,
  );
  expect(rows.rows).toBe(30);
  expect(new Set(rows.values).size).toBe(30);
  const names = new Map<number, number>();
  rows.values.forEach((value, i) => {
    const label = Math.ceil(value / 20);
    if (!names.has(classes.of[i]!)) names.set(classes.of[i]!, label);
    expect(names.get(classes.of[i]!)).toBe(label);
  });
  expect(classes.count).toBe(5);
});

it('lets timers end a fit', async () => {
  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error('late')), 5);
  const data = clusteredVectors(300, 20, 1);
  const labels = Array.from({ length: 300 }, (_, i) => i % 5);
  const fit = new Ksh({ bits: 20_000, anchors: 100 }).fit(data, { labels, signal: controller.signal });
  await expect(fit).rejects.toThrow('late');
});

it('encodes many vectors block by block', async () => {
  const data = createMatrix(
    Float32Array.from({ length: 3000 * 784 }, (_, i) => Math.sin(i)),
    3000,
  );
  const hasher = new SimHash({ bits: 4 });
  await hasher.fit({ ...data, rows: 10, values: data.values.subarray(0, 7840) });
  const plain = plainOperations();
  const blocks: number[] = [];
  const operations: MatrixOperations = {
    ...plain,
    multiply(a, b, options) {
      blocks.push(a.rows * Math.max(a.columns, b.rows));
      return plain.multiply(a, b, options);
    },
  };
  await hasher.encode(data, { operations });
  expect(blocks.length).toBeGreaterThan(2);
  expect(Math.max(...blocks)).toBeLessThanOrEqual(2 ** 20);
});

it('warns of what a reader should know', async () => {
  const line = createMatrix(
    Float64Array.from({ length: 90 }, (_, at) => (at % 3 === 0 ? at : 0)),
    30,
  );
  const { warnings } = await new Pcah({ bits: 2 }).fit(line);
  expect(warnings).toContain('the last 1 of 2 principal directions have no variance');
  const labels = Array.from({ length: 30 }, (_, i) => i % 2);
  const report = await new Sdh({ bits: 2, anchors: 50 }).fit(line, { labels });
  expect(report.warnings[0]).toBe('only 30 vectors: 30 anchors, not 50');
  await expect(new Pcah({ bits: 3 }).fit({ ...line, rows: 3, values: line.values.subarray(0, 9) })).rejects.toThrow(
    'need more than 3 vectors, got 3',
  );
});
