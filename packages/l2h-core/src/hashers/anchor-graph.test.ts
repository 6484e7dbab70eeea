import { describe, expect, it } from '@jest/globals';
import { createMatrix, type Matrix, plainOperations } from '@tensor-papers/numerics/linalg';
import { createRng } from '@tensor-papers/numerics/random';
import { anchorGraph, anchorWeights, mixAnchors, nearestAnchors, secondThresholds } from './anchor-graph.js';
import type { Matrix64 } from './rows.js';

const cloud = (n: number, seed: number, map = (value: number, _row: number) => value): Matrix64 => {
  const rng = createRng(seed);
  return createMatrix(
    Float64Array.from({ length: n * 2 }, (_, at) => map(rng.normal(), at >> 1)),
    n,
  );
};
const weightsOf = async (x: Matrix64, anchors: Matrix, s: number, sigma: number) =>
  anchorWeights(await nearestAnchors({ ...x, values: x.values.slice() }, anchors, s, plainOperations()), sigma);

it('finds the nearest anchors, of equally near ones the first', async () => {
  const [x, anchors] = [cloud(30, 1), cloud(9, 2)];
  anchors.values.copyWithin(8, 0, 2);
  const { indices, squares } = await nearestAnchors({ ...x, values: x.values.slice() }, anchors, 4, plainOperations());
  for (let i = 0; i < 30; i++) {
    const slow = Array.from({ length: 9 }, (_, a) => ({
      a,
      square: [0, 1].reduce((sum, j) => sum + (x.values[i * 2 + j]! - anchors.values[a * 2 + j]!) ** 2, 0),
    }));
    slow.sort((p, q) => p.square - q.square || p.a - q.a);
    expect(Array.from(indices.subarray(i * 4, i * 4 + 4))).toEqual(slow.slice(0, 4).map(({ a }) => a));
    slow.slice(0, 4).forEach(({ square }, j) => {
      expect(squares[i * 4 + j]).toBeCloseTo(square, 10);
    });
  }
});

it('gives weights that sum to 1, also far from all anchors', async () => {
  const x = cloud(20, 3, (value, row) => (row < 10 ? value : 1e4 * value));
  const { weights } = await weightsOf(x, cloud(8, 4), 3, 0.5);
  for (let i = 0; i < 20; i++) {
    const row = weights.subarray(i * 3, i * 3 + 3);
    expect(row[0]! + row[1]! + row[2]!).toBeCloseTo(1, 12);
    expect(row.every((weight) => weight >= 0)).toBe(true);
    expect(row[0]).toBeGreaterThanOrEqual(row[1]!);
  }
  const { weights: shares } = await weightsOf(
    createMatrix(Float64Array.of(1), 1),
    createMatrix(Float64Array.of(3, 0, 9), 3),
    2,
    2,
  );
  // Squares 1 and 4, σ² = 4: weights e^−¼ and e^−1.
  expect(shares[1]! / shares[0]!).toBeCloseTo(Math.exp(-0.75), 12);
});

describe('the graph', () => {
  it('has eigenvectors on the rows that are orthogonal, of length √n, with mean 0', async () => {
    const [x, anchors] = [cloud(60, 5), cloud(12, 6)];
    const z = await weightsOf(x, anchors, 3, 1);
    const graph = anchorGraph(z, 12, 4)!;
    const y = mixAnchors(z, graph.weights);
    for (let p = 0; p < 4; p++) {
      let sum = 0;
      for (let i = 0; i < 60; i++) sum += y.values[i * 4 + p]!;
      expect(sum).toBeCloseTo(0, 9);
      for (let q = 0; q < 4; q++) {
        let product = 0;
        for (let i = 0; i < 60; i++) product += y.values[i * 4 + p]! * y.values[i * 4 + q]!;
        expect(product).toBeCloseTo(p === q ? 60 : 0, 8);
      }
    }
    expect(Array.from(graph.eigenvalues)).toEqual(Array.from(graph.eigenvalues).sort((a, b) => b - a));
    expect(graph.eigenvalues[0]).toBeLessThan(1);
  });

  it('tells its parts from each other where it falls apart, and says when there are too few functions', async () => {
    const apart = (value: number, row: number) => value + (row % 2) * 1000;
    const z = await weightsOf(cloud(40, 7, apart), cloud(6, 8, apart), 2, 1);
    const graph = anchorGraph(z, 6, 1)!;
    expect(graph.eigenvalues[0]).toBeCloseTo(1, 10);
    const y = mixAnchors(z, graph.weights).values;
    for (let i = 2; i < 40; i++) expect(y[i]).toBeCloseTo(y[i % 2]!, 9);
    expect(y[0]! * y[1]!).toBeLessThan(0);
    const { above, below } = secondThresholds(Float64Array.from(y), z, graph.masses);
    expect([above, below].map(Math.abs)).toEqual([expect.closeTo(1, 9), expect.closeTo(1, 9)]);
    const single = await weightsOf(cloud(10, 9), cloud(1, 9), 1, 1);
    expect(anchorGraph({ ...single, indices: single.indices }, 4, 2)).toBeUndefined();
  });
});

it('cuts both halves in balance and at the least cost', async () => {
  const z = await weightsOf(cloud(50, 10), cloud(10, 11), 3, 1);
  const graph = anchorGraph(z, 10, 3)!;
  for (let k = 0; k < 3; k++) {
    const y = Float64Array.from({ length: 50 }, (_, i) => mixAnchors(z, graph.weights).values[i * 3 + k]!);
    const relaxed = (above: number, below: number) => y.map((value) => (value >= 0 ? value - above : below - value));
    // fᵀ(I − ZΛ⁻¹Zᵀ)f by a dense affinity matrix.
    const dense = Array.from({ length: 50 }, () => new Float64Array(10));
    z.weights.forEach((weight, at) => {
      dense[Math.floor(at / 3)]![z.indices[at]!] = weight;
    });
    const cost = (f: Float64Array) => {
      let total = 0;
      for (let i = 0; i < 50; i++) {
        for (let j = 0; j < 50; j++) {
          const affinity = dense[i]!.reduce((sum, weight, a) => sum + (weight * dense[j]![a]!) / graph.masses[a]!, 0);
          total += f[i]! * f[j]! * ((i === j ? 1 : 0) - affinity);
        }
      }
      return total;
    };
    const { above, below } = secondThresholds(y, z, graph.masses);
    const sum = (f: Float64Array) => f.reduce((total, value) => total + value, 0);
    expect(sum(relaxed(above, below))).toBeCloseTo(0, 9);
    const least = cost(relaxed(above, below));
    const [positives, negatives] = [y.filter((value) => value >= 0).length, y.filter((value) => value < 0).length];
    for (const off of [-0.3, -0.01, 0.01, 0.3]) {
      const balanced = relaxed(above + (off * negatives) / positives, below + off);
      expect(sum(balanced)).toBeCloseTo(0, 9);
      expect(cost(balanced)).toBeGreaterThan(least);
    }
  }
});
