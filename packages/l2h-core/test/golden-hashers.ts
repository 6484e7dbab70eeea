import { createMatrix, plainOperations } from '@tensor-papers/numerics/linalg';
import type { GoldenCalls } from '@tensor-papers/tools/golden';
import { packSigns, unpackSigns } from '../src/codes/codes.js';
import { hamming, wordsAt } from '../src/codes/hamming.js';
import { anchorGraph, anchorWeights, mixAnchors, nearestAnchors } from '../src/hashers/anchor-graph.js';
import { bitQuadratic, breObjective, halfSquares, weightSteps } from '../src/hashers/bre-search.js';
import { canonicalDirections } from '../src/hashers/canonical-directions.js';
import { cellsOf } from '../src/hashers/e2-lsh.js';
import { itqStep, squaresOf } from '../src/hashers/itq-rotation.js';
import { KshResidual, kshBits, type Similarity, smoothGain } from '../src/hashers/ksh-bits.js';
import { linearModel } from '../src/hashers/linear-model.js';
import { mlhStep, pairLoss } from '../src/hashers/mlh-loss.js';
import { principalDirections } from '../src/hashers/principal-directions.js';
import { dot, type Matrix64, signsOf, transposed } from '../src/hashers/rows.js';
import { bitTargets, classSums, ridgeRegression, sdhObjective, updateBit } from '../src/hashers/sdh-codes.js';
import { angleOfDistance, distanceOfAngle } from '../src/hashers/sim-hash.js';
import { rangesAlong, spectralModel } from '../src/hashers/spectral-hashing.js';
import { spectralModeCounts, spectralModes } from '../src/hashers/spectral-modes.js';

type Rows = number[][];

interface Inputs {
  X: Rows;
  W: Rows;
  A: Rows;
  V: Rows;
  K: Rows;
  S: Rows;
  Y: Rows;
  Phi: Rows;
  Kbar: Rows;
  B0: Rows;
  R0: Rows;
  queries: Rows;
  oneHot: Rows;
  anchors: Rows;
  mean: number[];
  b: number[];
  a: number[];
  d: number[];
  xi: number[];
  xj: number[];
  ranges: number[];
  theta: number;
  innerProduct: number;
  s: number;
  t: number;
  k: number;
  similar: boolean;
}

type Options = Readonly<
  Record<
    | 'w'
    | 'bits'
    | 'rho'
    | 'lambda'
    | 'nu'
    | 'eta'
    | 'weightDecay'
    | 'ridge'
    | 'sigma'
    | 'neighbours'
    | 'iterations'
    | 'sweeps',
    number
  >
>;

type Results = Readonly<Record<string, unknown>>;

const operations = plainOperations();

const matrix = (rows: Rows): Matrix64 => createMatrix(Float64Array.from(rows.flat()), rows.length);
const turned = (a: Matrix64): Matrix64 => ({ rows: a.columns, columns: a.rows, values: transposed(a) });
const nested = ({ rows, columns, values }: { rows: number; columns: number; values: ArrayLike<number> }) =>
  Array.from({ length: rows }, (_, i) => Array.from(values).slice(i * columns, (i + 1) * columns));
const columnsOf = (a: Matrix64): Float64Array[] => {
  const t = turned(a);
  return Array.from({ length: t.rows }, (_, i) => t.values.slice(i * t.columns, (i + 1) * t.columns));
};
const product = async (a: Matrix64, b: Matrix64, options = {}): Promise<Matrix64> =>
  (await operations.multiply(a, b, options)) as Matrix64;
const zeroOne = (a: Matrix64) => nested({ ...a, values: a.values.map((value) => (value >= 0 ? 1 : 0)) });
const classesOf = (oneHot: Rows) => ({
  of: Int32Array.from(oneHot, (row) => row.indexOf(1)),
  count: oneHot[0]!.length,
});

const matrixSimilarity = (s: Matrix64): Similarity => ({
  size: s.rows,
  squares: dot(s.values, s.values),
  apply: (v) =>
    Float64Array.from({ length: s.rows }, (_, i) => dot(s.values.subarray(i * s.rows, (i + 1) * s.rows), v)),
});

async function itq(v: Matrix64, start: Matrix64, iterations: number): Promise<Results> {
  let rotation = start;
  const objectives: number[] = [];
  const held = plainOperations().holdRows(v, new Float64Array(v.columns));
  for (let i = 0; i < iterations; i++) {
    const next = await itqStep(held, squaresOf(v), rotation);
    objectives.push(next.afterCodes, next.afterRotation);
    rotation = next.rotation;
  }
  return { objectives, R: nested(rotation), bits: zeroOne(await product(v, rotation)) };
}

/** The end of an interval; undefined where that is open. */
const closed = (end: number) => (Number.isFinite(end) ? end : undefined);

export const hasherCalls: GoldenCalls = {
  'simhash-2_2-1-bits': async ({ X, W, mean, theta }: Inputs) => {
    const directions = turned(matrix(W));
    const bits = directions.rows;
    const model = { mean: Float64Array.from(mean), directions, offsets: new Float64Array(bits) };
    const codes = packSigns((await linearModel.score(model, matrix(X), operations)).values, bits);
    const signs = { rows: codes.n, columns: bits, values: Float64Array.from(unpackSigns(codes)) };
    const angles = Array.from({ length: codes.n }, (_, i) =>
      Array.from({ length: codes.n }, (_, j) => angleOfDistance(hamming(wordsAt(codes, i), wordsAt(codes, j)), bits)),
    );
    const expected = distanceOfAngle(theta, bits);
    return { bits: zeroOne(signs), angles, expectedHamming: expected.mean, sd: expected.sd };
  },
  'e2lsh-2_2-1-floor': async ({ X, A, b }: Inputs, { w }: Options) => {
    const directions = turned(matrix(A));
    const model = { mean: new Float64Array(directions.columns), directions, offsets: Float64Array.from(b) };
    const scores = await linearModel.score(model, matrix(X), operations);
    return { h: nested({ ...scores, values: cellsOf(scores.values, w) }) };
  },
  'pcah-2_2-2-mean': async ({ X, queries }: Inputs, { bits }: Options) => {
    const { mean, directions, variances } = await principalDirections('pcah', { rows: matrix(X), operations }, bits);
    const model = { mean, directions, offsets: new Float64Array(bits) };
    const projections = (await linearModel.score(model, matrix(queries), operations)) as Matrix64;
    return {
      mean,
      eigenvalues: variances,
      directions: nested(turned(directions)),
      projections: nested(projections),
      bits: zeroOne(projections),
    };
  },
  'spectral-hashing-2_2-3-maxmode': ({ ranges }: Inputs, { bits }: Options) => modesOf(ranges, bits),
  'spectral-hashing-2_2-3': async ({ X }: Inputs, { bits }: Options) => {
    const training = { rows: matrix(X), operations };
    const count = Math.min(bits, training.rows.columns);
    const { mean, directions } = await principalDirections('spectral-hashing', training, count);
    const { minima, ranges } = await rangesAlong({ mean, directions }, training);
    const modes = spectralModes(ranges, bits);
    const model = {
      mean,
      directions,
      minima,
      modeDimensions: Float64Array.from(modes, ({ dimension }) => dimension),
      omegas: Float64Array.from(modes, ({ omega }) => omega),
    };
    const sines = (await spectralModel.score(model, matrix(X), operations)) as Matrix64;
    const { modes: taken, omegaSquared } = modesOf(ranges, bits);
    return { min: minima, ranges, modes: taken, omegaSquared, sines: nested(sines), bits: zeroOne(sines) };
  },
  'itq-2_2-4-objective': ({ V, R0 }: Inputs, { iterations = 50 }: Options) => itq(matrix(V), matrix(R0), iterations),
  'cca-itq-2_2-4': async ({ X, oneHot, R0 }: Inputs, { bits, rho = 1e-4, iterations = 50 }: Options) => {
    const training = { rows: matrix(X), classes: classesOf(oneHot), operations };
    const { mean, correlations, directions } = await canonicalDirections(training, bits, rho);
    const model = { mean, directions, offsets: new Float64Array(bits) };
    const v = (await linearModel.score(model, matrix(X), operations)) as Matrix64;
    return { correlations, W: nested(turned(directions)), V: nested(v), ...(await itq(v, matrix(R0), iterations)) };
  },
  'agh-one-layer-2_2': async ({ X, anchors }: Inputs, { neighbours = 3, sigma, bits }: Options) => {
    const u = matrix(anchors);
    const z = anchorWeights(await nearestAnchors(matrix(X), u, neighbours, operations), sigma);
    const graph = anchorGraph(z, u.rows, bits)!;
    const identity = matrix(
      Array.from({ length: u.rows }, (_, i) => Array.from({ length: u.rows }, (_, j) => +(i === j))),
    );
    const projections = mixAnchors(z, graph.weights);
    const dense = mixAnchors(z, identity);
    // The eigenvalue that is taken out, from its eigenvector √mass: ‖Z·Λ⁻¹·mass‖² / Σ mass.
    const ones = mixAnchors(z, createMatrix(new Float64Array(u.rows).fill(1), u.rows)).values;
    const first = dot(ones, ones) / graph.masses.reduce((sum, mass) => sum + mass, 0);
    return {
      Z: nested(dense),
      eigenvalues: [first, ...graph.eigenvalues],
      W: nested(graph.weights),
      projections: nested(projections),
      bits: zeroOne(projections),
    };
  },
  '2_2-6-one-entry': ({ innerProduct, s }: Inputs, { bits }: Options) => {
    // Two items whose codes have that inner product: the error of both off-diagonal entries, and none on the diagonal.
    const residual = new KshResidual(
      matrixSimilarity(
        matrix([
          [1, s],
          [s, 1],
        ]),
      ),
      bits,
    );
    const equal = (bits + innerProduct) / 2;
    for (let bit = 0; bit < bits; bit++) residual.take(Float64Array.of(1, bit < equal ? 1 : -1));
    return { term: residual.objective / 2 };
  },
  'ksh-2_2-6-spectral': async ({ Kbar, S, a }: Inputs, { bits, ridge = 1e-6 }: Options) => {
    const [features, similarity] = [matrix(Kbar), matrixSimilarity(matrix(S))];
    const { weights, codes, objective } = await kshBits(features, similarity, { bits, climb: 0, ridge });
    const gain = smoothGain(turned(features), new KshResidual(similarity, bits), Float64Array.from(a));
    return {
      A: nested(turned(weights)),
      codes: nested(turned(matrix(codes.map((bit) => [...bit])))),
      objectives: objective,
      g: gain.value,
      gradient: gain.gradient(),
    };
  },
  'sdh-2_2-7-p': async (
    { Phi, Y, B0 }: Inputs,
    { lambda = 1, nu = 1e-5, iterations = 5, sweeps = 1, ridge = 0 }: Options,
  ) => {
    const [phi, b, { of, count }] = [matrix(Phi), matrix(B0), classesOf(Y)];
    const gram = await product(phi, phi, { transposeA: true });
    const objectives: number[] = [];
    const firsts: Results[] = [];
    for (let i = 0; i < iterations; i++) {
      const p = ridgeRegression(gram, await product(phi, b, { transposeA: true }), ridge);
      const w = ridgeRegression(await product(b, b, { transposeA: true }), classSums(b, of, count), lambda);
      const f = await product(phi, p);
      const q = bitTargets(of, w, f, nu);
      objectives.push(sdhObjective(b, of, w, f, { lambda, nu }));
      for (let sweep = 0; sweep < sweeps; sweep++) {
        for (let l = 0; l < b.columns; l++) {
          updateBit(b, q, w, l);
          objectives.push(sdhObjective(b, of, w, f, { lambda, nu }));
        }
      }
      firsts.push({ P: nested(p), W: nested(w), B1: nested(b) });
    }
    return { ...firsts[0], B: nested(b), objectives };
  },
  'bre-2_2-8-objective': async ({ K, W, X, t, k }: Inputs) => {
    const [kernel, weights] = [matrix(K), matrix(W)];
    const projections = columnsOf(await product(kernel, weights));
    const codes = projections.map(signsOf);
    const halves = halfSquares(matrix(X));
    const weight = weights.values[t * weights.columns + k]!;
    const steps = weightSteps(bitQuadratic(halves, codes, k), columnsOf(kernel)[t]!, projections[k]!, weight);
    return {
      objective: breObjective(halves, codes),
      breakPoints: steps.breakPoints,
      intervalObjectives: steps.objectives,
      bestInterval: steps.best,
      low: closed(steps.low),
      high: closed(steps.high),
    };
  },
  'mlh-hinge-2_2-9': ({ d }: Inputs, hinge: Options) => ({
    similar: d.map((distance) => pairLoss(distance, true, hinge)),
    dissimilar: d.map((distance) => pairLoss(distance, false, hinge)),
  }),
  'mlh-2_2-9-loss': ({ W, xi, xj, similar }: Inputs, { rho, lambda = 0.5, eta = 0.1, weightDecay = 0 }: Options) => {
    const weights = turned(matrix(W));
    const [x, y] = [Float64Array.from(xi), Float64Array.from(xj)];
    const at = (vector: Float64Array) =>
      nested(weights).map((row) => row.reduce((sum, value, j) => sum + value * (vector[j] ?? 1), 0));
    const [u, v] = [at(x), at(y)];
    const { loss, augmented } = mlhStep(weights.values, x, y, similar, { rho, lambda, eta, decay: weightDecay });
    const { g, h, differing, scores } = augmented;
    return { u, v, loss, g, h, e: differing, scores, Wnew: nested(turned(weights)) };
  },
};

function modesOf(ranges: ArrayLike<number>, bits: number) {
  const modes = spectralModes(ranges, bits);
  return {
    maxmode: spectralModeCounts(ranges, bits),
    modes: modes.map(({ dimension, k }) => [dimension, k]),
    omegaSquared: modes.map(({ omega }) => omega ** 2),
  };
}
