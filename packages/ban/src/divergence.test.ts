import { expect, it } from '@jest/globals';
import { createRng } from '@tensor-papers/numerics/random';
import * as tf from '@tensorflow/tfjs';
import { distance, leak, matrix, normals, softmax } from '../test/support.js';
import { banLoss, ClassCountError, entropy, klDivergence, LogitsError, OptionError } from './index.js';

const rng = createRng(1);
const z = normals(rng, 5, 4);
const t = normals(rng, 5, 4);
const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);

it('entropy and divergence are those of plain loops', () => {
  const [q, p] = [softmax(z), softmax(t)];
  const expectedEntropy = p.map((row) => -sum(row.map((value) => value * Math.log(value))));
  const expectedDivergence = p.map((row, s) => sum(row.map((value, i) => value * Math.log(value / q[s]![i]!))));
  expect(distance(entropy(matrix(t)).arraySync(), expectedEntropy)).toBeLessThan(1e-5);
  expect(distance(klDivergence(matrix(z), matrix(t)).arraySync(), expectedDivergence)).toBeLessThan(1e-5);
});

it('the ban loss is the mean divergence plus the mean entropy, also with temperature', () => {
  for (const temperature of [1, 4]) {
    const loss = banLoss(matrix(z), matrix(t), null, { temperature }).dataSync()[0]!;
    const mean = (values: tf.Tensor) => values.mean().dataSync()[0]!;
    const softened = matrix(t).div<tf.Tensor2D>(temperature);
    const expected = mean(klDivergence(matrix(z), matrix(t), { temperature })) + mean(entropy(softened));
    expect(loss).toBeCloseTo(temperature ** 2 * expected, 4);
  }
});

it('a perfect student has divergence 0; a certain teacher has entropy 0', () => {
  expect(distance(klDivergence(matrix(t), matrix(t)).arraySync(), [0, 0, 0, 0, 0])).toBeLessThan(1e-6);
  expect(entropy(matrix([[200, 0, 0]])).arraySync()[0]).toBeCloseTo(0, 6);
});

it('leaves no tensors and refuses what does not fit', async () => {
  const [student, teacher] = [matrix(z), matrix(t)];
  expect(await leak(() => tf.dispose([klDivergence(student, teacher), entropy(teacher)]))).toBe(0);
  expect(() => klDivergence(student, tf.zeros([5, 3]))).toThrow(ClassCountError);
  expect(() => klDivergence(student, teacher, { temperature: -1 })).toThrow(OptionError);
  expect(() => entropy(tf.zeros([5, 3], 'int32'))).toThrow(LogitsError);
});
