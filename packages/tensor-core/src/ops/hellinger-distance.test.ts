import { describe, expect, it } from '@jest/globals';
import { createRng } from '@tensor-papers/numerics/random';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { expectClose, expectReference, gradientsOf, input, valuesOf } from '../../test/reference-gradients.js';
import { expectNoLeak } from '../../test/tensors.js';
import { hellingerDistance } from './hellinger-distance.js';

const distance = (p: number[], q: number[]) =>
  valuesOf(hellingerDistance, [input([p.length], p), input([q.length], q)])[0]!;

/** Rows of K probabilities, none of them tiny. */
function distributions(rows: number, classes: number, seed: number): number[] {
  const rng = createRng(seed);
  return Array.from({ length: rows }, () => {
    const parts = Array.from({ length: classes }, () => 0.1 + rng.uniform());
    const sum = parts.reduce((total, part) => total + part, 0);
    return parts.map((part) => part / sum);
  }).flat();
}

describe('hellingerDistance', () => {
  it('by hand', () => {
    expectClose([distance([0.5, 0.5], [0.9, 0.1])], [0.32492]);
    expectClose([distance([1, 0, 0, 0], [0, 1, 0, 0])], [1]);
    expectClose([distance([0.7, 0.1, 0.1, 0.1], [0.1, 0.7, 0.1, 0.1])], [0.520432]);
    expectClose([distance([0.7, 0.1, 0.1, 0.1], [0.25, 0.25, 0.25, 0.25])], [0.32761]);
    expect(distance([0.2, 0.8, 0], [0.2, 0.8, 0])).toBe(0);
  });

  it('values and gradients are those of plain loops, all pairs by broadcasting included', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 5 }), fc.boolean(), fc.nat(), (classes, allPairs, seed) => {
        const [n, m] = allPairs ? [2, 3] : [3, 3];
        const p = input(allPairs ? [n, 1, classes] : [n, classes], distributions(n, classes, seed));
        const q = input(allPairs ? [1, m, classes] : [m, classes], distributions(m, classes, seed + 1));
        const pairs = allPairs
          ? [0, 1].flatMap((i) => [0, 1, 2].map((j) => [i, j] as const))
          : [0, 1, 2].map((i) => [i, i] as const);
        const loops = (a: number[], b: number[]) =>
          pairs.map(([i, j]) => {
            let sum = 0;
            for (let k = 0; k < classes; k++)
              sum += (Math.sqrt(a[i * classes + k]!) - Math.sqrt(b[j * classes + k]!)) ** 2;
            return Math.sqrt(sum / 2);
          });
        // Distance 0 is a kink.
        fc.pre(loops([...p.values], [...q.values]).every((value) => value > 0.01));
        expectReference(hellingerDistance, loops, [p, q], { gradientTolerance: 2e-3 });
      }),
      { numRuns: 40 },
    );
  });

  it('is symmetric, in [0, 1], and √(1 − Σ √(pq))', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 6 }), fc.nat(), (classes, seed) => {
        const [p, q] = [distributions(1, classes, seed), distributions(1, classes, seed + 1)];
        const value = distance(p, q);
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1 + 1e-6);
        expect(distance(q, p)).toBe(value);
        const overlap = p.reduce((sum, share, k) => sum + Math.sqrt(share * q[k]!), 0);
        expect(value ** 2).toBeCloseTo(1 - overlap, 5);
      }),
      { numRuns: 30 },
    );
  });

  it('has gradient 0 at distance 0 and a finite one at probability 0', () => {
    const same = input([3], [0.2, 0.8, 0]);
    expectClose(gradientsOf(hellingerDistance, [same, same], [1]).flat(), [0, 0, 0, 0, 0, 0], 0);
    const gradients = gradientsOf(hellingerDistance, [input([2], [1, 0]), input([2], [0, 1])], [1]).flat();
    expect(gradients.every(Number.isFinite)).toBe(true);
    expect(gradients[1]).toBeLessThan(-1e4);
  });

  it('through a softmax that saturates, gradients are finite', () => {
    const operation = (z: tf.Tensor, w: tf.Tensor) => hellingerDistance(tf.softmax(z), tf.softmax(w));
    const gradients = gradientsOf(operation, [input([3], [200, 0, -200]), input([3], [-200, 0, 200])], [1]).flat();
    expect(gradients.every((value) => Math.abs(value) < 1)).toBe(true);
  });

  it('leaves nothing behind and names what does not fit', async () => {
    const [p, q] = [tf.tensor1d([0.5, 0.5]), tf.tensor1d([0.1, 0.9])];
    await expectNoLeak(() => {
      hellingerDistance(p, q).dispose();
      tf.dispose(tf.grads((a, b) => hellingerDistance(a, b))([p, q]));
    });
    tf.tidy(() => {
      expect(() => hellingerDistance(p, tf.ones([3]))).toThrow('broadcast to one another, got [2] and [3]');
      expect(() => hellingerDistance(p, tf.ones([1]))).toThrow('expected [..., K] twice, got [2] and [1]');
      expect(() => hellingerDistance(tf.ones([2], 'int32'), q)).toThrow('p: expected a float32 tensor');
    });
    tf.dispose([p, q]);
  });
});
