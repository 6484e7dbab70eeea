import { describe, expect, it } from '@jest/globals';
import { createRng } from '@tensor-papers/numerics/random';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import {
  allTripletsOf,
  closenessOf,
  differences,
  distance,
  dot,
  leak,
  lossAndGradient,
  matrix,
  mined,
  normals,
  problem,
  type Rows,
  unit,
} from '../../test/support.js';
import {
  allTriplets,
  batchHard,
  cosineSimilarity,
  type Distance,
  dotProduct,
  EmbeddingsError,
  EmptyBatchError,
  easyPositiveHardNegative,
  euclideanDistance,
  evaluateTerm,
  faceNetSemiHard,
  hardNegativeLoss,
  LabelsError,
  type Miner,
  marginTerm,
  marginTriplets,
  mean,
  meanNonZero,
  multiSimilarityMiner,
  NonFiniteError,
  ncaTerm,
  ncaTripletLoss,
  OptionError,
  perAnchor,
  type Reducer,
  ReferenceSetError,
  selectivelyContrastiveLoss,
  selectivelyContrastiveTerm,
  semiHardNegativeLoss,
  squaredEuclideanDistance,
  sum,
  type TripletLossOptions,
  type TripletTerm,
  TuplesError,
  tripletLoss,
  tripletLosses,
  tripletMarginLoss,
  triplets,
} from '../index.js';

const softplus = (u: number) => (u > 30 ? u : Math.log1p(Math.exp(u)));

/** Each term in the words of the spec. */
const slowTerms: readonly (readonly [TripletTerm, (p: number, n: number) => number])[] = [
  [marginTerm({ margin: 0.2 }), (p, n) => Math.max(0, n - p + 0.2)],
  [marginTerm({ margin: 0.1, smooth: true }), (p, n) => softplus(n - p + 0.1)],
  // −log(e^a / (e^a + e^b)) = log(1 + e^(b − a)), which does not round to 0.
  [ncaTerm({ temperature: 0.3 }), (p, n) => softplus((n - p) / 0.3)],
  [
    ncaTerm({ temperature: 1, secondOrder: true }),
    (p, n) => {
      const [a, b] = [p - p ** 2 / 2, n ** 2 / 2];
      return softplus(b - a);
    },
  ],
  [
    selectivelyContrastiveTerm({ temperature: 0.3, lambda: 0.7 }),
    (p, n) => (n > p ? 0.7 * n : softplus((n - p) / 0.3)),
  ],
  [selectivelyContrastiveTerm({ temperature: 1, hardCutoff: 0.4 }), (p, n) => (n > p || n > 0.4 ? n : softplus(n - p))],
  [
    selectivelyContrastiveTerm({ temperature: 1, hardCutoff: 0.4, cutoffRule: 'and' }),
    (p, n) => (n > p && n > 0.4 ? n : softplus(n - p)),
  ],
];

const slowReducers: readonly (readonly [Reducer, (elements: (readonly [number, number])[]) => number])[] = [
  [mean(), (elements) => average(elements.map(([, loss]) => loss))],
  [meanNonZero(), (elements) => average(elements.map(([, loss]) => loss).filter((loss) => loss > 0))],
  [sum(), (elements) => elements.reduce((total, [, loss]) => total + loss, 0)],
  [
    perAnchor(),
    (elements) => {
      const anchors = [...new Set(elements.map(([anchor]) => anchor))];
      return average(anchors.map((a) => average(elements.filter(([b]) => a === b).map(([, loss]) => loss))));
    },
  ],
];

const average = (list: number[]) => (list.length === 0 ? 0 : list.reduce((a, b) => a + b, 0) / list.length);

const distances: readonly (readonly [Distance, boolean])[] = [
  [cosineSimilarity(), true],
  [dotProduct(), false],
  [euclideanDistance(), true],
  [squaredEuclideanDistance({ normalize: false }), false],
];

const minersOf: readonly Miner[] = [
  allTriplets(),
  batchHard(),
  easyPositiveHardNegative({ duplicateThreshold: null }),
  faceNetSemiHard(),
  marginTriplets({ margin: 0.3, type: 'semiHard' }),
  multiSimilarityMiner(),
];

const pick = <T>(list: readonly T[]) => fc.constantFrom(...list);

const combination = fc.record({
  seed: fc.nat(),
  term: pick(slowTerms),
  reducer: pick(slowReducers),
  measure: pick(distances),
  miner: pick(minersOf),
});

describe('any term with any miner, distance and reducer', () => {
  it('is the loss of plain loops, and its gradient that of finite differences with the triplets held', () => {
    fc.assert(
      fc.property(combination, ({ seed, term: [term, slow], reducer: [reducer, reduce], measure, miner }) => {
        const { x, y } = problem(seed);
        const [measured, normalised] = measure;
        // Pairs count as each positive with each negative of their anchor.
        const chosen =
          miner === minersOf[5] ? pairTriplets(x, y, measured) : mined(miner, x, y, { distance: measured });
        const slowLoss = (rows: Rows) => {
          const c = closenessOf(measured.name, normalised, rows);
          return reduce(chosen.map(([a, p, n]) => [a!, slow(c[a!]![p!]!, c[a!]![n!]!)] as const));
        };
        const options: TripletLossOptions = { distance: measured, miner, reducer };
        const { loss, gradient } = lossAndGradient(x, (rows) => tripletLoss(rows, y, term, options));
        const expected = slowLoss(x);
        expect(Math.abs(loss - expected) / Math.max(1, Math.abs(expected))).toBeLessThan(2e-5);
        if (nearKink(x)) return;
        const slopes = differences(x, slowLoss, 1e-6);
        const scale = Math.max(1, ...slopes.flat().map(Math.abs));
        expect(distance(gradient, slopes) / scale).toBeLessThan(3e-4);

        /** Whether a loss is so close to a jump or kink that a difference would step over it. */
        function nearKink(rows: Rows): boolean {
          const c = closenessOf(measured.name, normalised, rows);
          return chosen.some(([a, p, n]) => {
            const [ap, an] = [c[a!]![p!]!, c[a!]![n!]!];
            const edges = [an - ap, an - ap + 0.2, an - 0.4, slow(ap, an)];
            return edges.some((edge) => Math.abs(edge) < 1e-4 && edge !== 0);
          });
        }
      }),
      { numRuns: 120, seed: 1 },
    );
  });

  it('swap takes the negative that is closer to anchor or positive, in one pass or two', () => {
    for (const seed of [1, 2, 3]) {
      const { x, y } = problem(seed);
      const c = closenessOf('euclidean', true, x);
      const losses = allTripletsOf(y).map(([a, p, n]) =>
        Math.max(0, Math.max(c[a!]![n!]!, c[p!]![n!]!) - c[a!]![p!]! + 0.2),
      );
      const options = { margin: 0.2, swap: true, reducer: mean() };
      const all = lossAndGradient(x, (rows) => tripletMarginLoss(rows, y, options));
      const [a, p, n] = [0, 1, 2].map((side) => allTripletsOf(y).map((t) => t[side]!)) as [
        number[],
        number[],
        number[],
      ];
      const listed = lossAndGradient(x, (rows) => tripletMarginLoss(rows, y, { ...options, miner: triplets(a, p, n) }));
      expect(Math.abs(all.loss - average(losses))).toBeLessThan(1e-5);
      expect(Math.abs(all.loss - listed.loss)).toBeLessThan(1e-6);
      expect(distance(all.gradient, listed.gradient)).toBeLessThan(1e-5);
    }
  });

  it('sum of means adds the mean of easy and the mean of hard triplets', () => {
    const { x, y } = problem(11);
    const c = closenessOf('cosine', true, x);
    const losses = allTripletsOf(y).map(([a, p, n]) => ({ p: c[a!]![p!]!, n: c[a!]![n!]! }));
    const easy = losses.filter(({ p, n }) => n <= p).map(({ p, n }) => softplus((n - p) / 0.1));
    const hard = losses.filter(({ p, n }) => n > p).map(({ n }) => 0.5 * n);
    const { loss } = lossAndGradient(x, (rows) =>
      selectivelyContrastiveLoss(rows, y, { lambda: 0.5, reduction: 'sumOfMeans', miner: allTriplets() }),
    );
    expect(easy.length * hard.length).toBeGreaterThan(0);
    expect(Math.abs(loss - average(easy) - average(hard))).toBeLessThan(1e-5);
  });
});

/** The triplets behind the multi-similarity miner's pairs, by its definition. */
function pairTriplets(x: Rows, y: number[], { name, toCosine }: Distance): number[][] {
  const c = closenessOf(name, toCosine !== undefined, x);
  const of = (a: number, same: boolean) => y.flatMap((label, j) => (j !== a && (label === y[a]) === same ? [j] : []));
  return y.flatMap((_, a) => {
    const largest = Math.max(...of(a, false).map((n) => c[a]![n]!));
    const smallest = Math.min(...of(a, true).map((p) => c[a]![p]!));
    const kept = of(a, true).filter((p) => c[a]![p]! - 0.1 < largest);
    const negatives = of(a, false).filter((n) => c[a]![n]! + 0.1 > smallest);
    return kept.flatMap((p) => negatives.map((n) => [a, p, n]));
  });
}

const methods = {
  hardNegativeLoss,
  semiHardNegativeLoss,
  selectivelyContrastiveLoss,
  ncaTripletLoss,
  tripletMarginLoss,
};

describe.each(Object.entries(methods))('%s', (_, method) => {
  const anyBatch = fc.nat().map((seed) => problem(seed));
  const runs = { numRuns: 12, seed: 1 };

  it('does not change with the lengths of rows or a rotation, and has gradients orthogonal to the rows', () => {
    fc.assert(
      fc.property(anyBatch, fc.double({ min: 0.1, max: 3, noNaN: true }), ({ x, y }, angle) => {
        const { loss, gradient } = lossAndGradient(x, (rows) => method(rows, y));
        const scaled = x.map((row, i) => row.map((value) => value * (1 + i)));
        expect(Math.abs(lossAndGradient(scaled, (rows) => method(rows, y)).loss - loss)).toBeLessThan(1e-4);
        const turned = x.map(([a, b, c]) => [
          Math.cos(angle) * a! - Math.sin(angle) * b!,
          Math.sin(angle) * a! + Math.cos(angle) * b!,
          c!,
        ]);
        expect(Math.abs(lossAndGradient(turned, (rows) => method(rows, y)).loss - loss)).toBeLessThan(1e-4);
        for (const [i, row] of gradient.entries()) {
          const length = Math.sqrt(dot(row, row)) * Math.sqrt(dot(x[i]!, x[i]!));
          expect(Math.abs(dot(row, x[i]!))).toBeLessThanOrEqual(1e-5 * Math.max(1, length));
        }
      }),
      runs,
    );
  });

  it('does not change with the order of the batch', () => {
    fc.assert(
      fc.property(anyBatch, fc.nat(), ({ x, y }, seed) => {
        const order = createRng(seed).permutation(x.length);
        const plain = lossAndGradient(x, (rows) => method(rows, y));
        const moved = lossAndGradient(
          Array.from(order, (i) => x[i]!),
          (rows) =>
            method(
              rows,
              Array.from(order, (i) => y[i]!),
            ),
        );
        expect(Math.abs(moved.loss - plain.loss)).toBeLessThan(1e-4);
        expect(
          distance(
            moved.gradient,
            Array.from(order, (i) => plain.gradient[i]!),
          ),
        ).toBeLessThan(1e-3);
      }),
      runs,
    );
  });

  it.each([
    ['one class', [4, 4, 4]],
    ['one image a class', [0, 1, 2]],
    ['no labels', [-1, -1, -1]],
  ])('is 0 with zero gradient for %s', (__, y) => {
    const { loss, gradient } = lossAndGradient(
      [
        [1, 2],
        [2, 1],
        [0, 3],
      ],
      (rows) => method(rows, y),
    );
    expect(loss).toBe(0);
    expect(gradient.flat()).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('takes a row of zeros, rows that are equal, one row, and large batches of unlabelled rows', () => {
    const zero = lossAndGradient(
      [
        [0, 0],
        [2, 1],
        [0, 3],
        [1, 0],
      ],
      (rows) => method(rows, [0, 0, 1, 1]),
    );
    expect([zero.loss, ...zero.gradient.flat()].every(Number.isFinite)).toBe(true);
    expect(zero.gradient[0]).toEqual([0, 0]);
    const equal = lossAndGradient(
      [
        [1, 1],
        [1, 1],
        [1, 1],
        [1, 1],
      ],
      (rows) => method(rows, [0, 0, 1, 1]),
    );
    expect([equal.loss, ...equal.gradient.flat()].every(Number.isFinite)).toBe(true);
    expect(lossAndGradient([[1, 2]], (rows) => method(rows, [0])).loss).toBe(0);
    const known = {
      x: [
        [1, 2],
        [2, 1],
        [0, 3],
        [1, 0],
      ],
      y: [0, 0, 1, 1],
    };
    const { loss } = lossAndGradient(known.x, (rows) => method(rows, known.y));
    const more = lossAndGradient([...known.x, [5, 1], [1, 7]], (rows) => method(rows, [...known.y, -1, -1]));
    expect(Math.abs(more.loss - loss)).toBeLessThan(1e-6);
    expect(more.gradient.slice(4).flat()).toEqual([0, 0, 0, 0]);
  });

  it('takes labels as numbers, typed array or tensor, and leaves no tensors', async () => {
    const { x, y } = problem(3);
    const rows = matrix(x);
    const labels = tf.tensor1d(y, 'int32');
    const [a, b, c] = [y, Int32Array.from(y), labels].map((ids) => method(rows, ids).dataSync()[0]);
    expect(b).toBe(a);
    expect(c).toBe(a);
    expect(await leak(() => method(rows, labels).dispose())).toBe(0);
    const gradient = tf.valueAndGrad((p) => method(p as tf.Tensor2D, labels));
    expect(
      await leak(() => {
        const { value, grad } = gradient(rows);
        tf.dispose([value, grad]);
      }),
    ).toBe(0);
  });

  it('multiplies its gradient where the loss is multiplied', () => {
    const { x, y } = problem(4);
    const once = lossAndGradient(x, (rows) => method(rows, y)).gradient;
    const twice = lossAndGradient(x, (rows) => tf.mul(2, method(rows, y)) as tf.Scalar).gradient;
    expect(
      distance(
        twice,
        once.map((row) => row.map((value) => 2 * value)),
      ),
    ).toBeLessThan(1e-5);
    expect(Math.max(...once.flat().map(Math.abs))).toBeGreaterThan(0);
  });

  it('refuses what does not fit', () => {
    const rows = matrix([
      [1, 2],
      [2, 1],
      [0, 3],
    ]);
    expect(() => method(rows, [0, 1])).toThrow(LabelsError);
    expect(() => method(rows, null as unknown as number[])).toThrow(LabelsError);
    expect(() => method(rows, [0, 1, 0, 1])).toThrow(LabelsError);
    expect(() => method(rows, [0, 1, 0.5])).toThrow(LabelsError);
    expect(() => method(rows, [0, 1, -2])).toThrow(LabelsError);
    expect(() => method(rows, tf.tensor1d([0, 1, 0], 'float32'))).toThrow(LabelsError);
    expect(() => method(tf.zeros([3, 2], 'int32'), [0, 1, 0])).toThrow(EmbeddingsError);
    expect(() => method(tf.zeros([0, 2]), [])).toThrow(EmptyBatchError);
    expect(() =>
      method(
        matrix([
          [1, Number.NaN],
          [1, 1],
        ]),
        [0, 0],
      ),
    ).toThrow(NonFiniteError);
    expect(() => method(rows, [0, 0, 1], { miner: triplets([0], [1], [3]) })).toThrow(TuplesError);
    expect(() => method(rows, [0, 0, 1], { miner: triplets([-1], [1], [2]) })).toThrow(TuplesError);
  });
});

describe('the selectively contrastive loss', () => {
  it('is the NCA form where no triplet is hard', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const rng = createRng(seed);
        const x = [0, 0, 1, 1, 2, 2].map((axis) => [0, 1, 2].map((i) => (i === axis ? 5 : 0) + rng.uniform()));
        const y = [0, 0, 1, 1, 2, 2];
        const sct = lossAndGradient(x, (rows) => selectivelyContrastiveLoss(rows, y, { duplicateThreshold: null }));
        const nca = lossAndGradient(x, (rows) => hardNegativeLoss(rows, y, { duplicateThreshold: null }));
        expect(sct).toEqual(nca);
      }),
      { numRuns: 10, seed: 1 },
    );
  });

  it('gives exactly no gradient through the positives of hard triplets', () => {
    // The negative of each anchor is closer than its positive, and no negative is a positive of another anchor.
    const { gradient } = lossAndGradient(
      [
        [1, 0],
        [0, 1],
        [1, 0.2],
      ],
      (rows) => selectivelyContrastiveLoss(rows, [0, 0, 1], { miner: triplets([0], [1], [2]) }),
    );
    expect(gradient[1]).toEqual([0, 0]);
    expect(gradient[0]!.some((value) => value !== 0)).toBe(true);
  });

  it('is negative where a hard negative has a negative cosine', () => {
    const { loss } = lossAndGradient(
      [
        [1, 0],
        [-1, 0],
        [-0.5, 1],
      ],
      (rows) => selectivelyContrastiveLoss(rows, [0, 0, 1], { miner: triplets([0], [1], [2]) }),
    );
    expect(loss).toBeCloseTo(-0.4472136, 5);
  });

  it('refuses options that make no sense', () => {
    expect(() => selectivelyContrastiveTerm({ temperature: 0 })).toThrow(OptionError);
    expect(() => selectivelyContrastiveTerm({ lambda: -1 })).toThrow(OptionError);
    expect(() => selectivelyContrastiveTerm({ hardCutoff: Number.NaN })).toThrow(OptionError);
    expect(() => selectivelyContrastiveTerm({ cutoffRule: 'and' })).toThrow(OptionError);
    expect(() => selectivelyContrastiveTerm({ reduction: 'mean' as 'together' })).toThrow(OptionError);
  });
});

describe('the hard negative loss of identical rows', () => {
  it('is ln 2, and 0 where duplicates are left out', () => {
    const x = [
      [2, 1],
      [2, 1],
      [2, 1],
      [2, 1],
    ];
    const loss = (duplicateThreshold: number | null) =>
      lossAndGradient(x, (rows) => hardNegativeLoss(rows, [0, 0, 1, 1], { duplicateThreshold })).loss;
    expect(loss(null)).toBeCloseTo(Math.LN2, 6);
    expect(loss(0.9999)).toBe(0);
  });
});

describe('terms', () => {
  it('stay finite at small temperatures', () => {
    const { loss, positiveSlope } = evaluateTerm(ncaTerm({ temperature: 0.01 }), [-1, 1], [1, -1]);
    expect([...loss]).toEqual([200, expect.closeTo(0, 12)]);
    expect([...positiveSlope]).toEqual([-100, expect.closeTo(0, 12)]);
  });

  it('have a gradient of 0 at the hinge', () => {
    const { loss, positiveSlope, negativeSlope } = evaluateTerm(marginTerm({ margin: 0.25 }), [0.5], [0.25]);
    expect([loss[0], Math.abs(positiveSlope[0]!), negativeSlope[0]]).toEqual([0, 0, 0]);
  });

  it('of single triplets are differentiable and refuse other shapes', async () => {
    const [p, n] = [tf.tensor1d([0.5, 0.1]), tf.tensor1d([0.2, 0.7])];
    const slopes = tf.grads((a, b) => tripletLosses(marginTerm({ margin: 0.1 }), a as tf.Tensor1D, b as tf.Tensor1D));
    expect(slopes([p, n], tf.tensor1d([1, 3])).map((slope) => slope.arraySync())).toEqual([
      [-0, -3],
      [0, 3],
    ]);
    expect(await leak(() => tripletLosses(ncaTerm(), p, n).dispose())).toBe(0);
    expect(() => tripletLosses(ncaTerm(), p, tf.tensor1d([1]))).toThrow(EmbeddingsError);
  });

  it('refuse options that make no sense', () => {
    expect(() => ncaTerm({ temperature: -1 })).toThrow(OptionError);
    expect(() => marginTerm({ margin: Number.NaN })).toThrow(OptionError);
    expect(() => marginTerm({ margin: -0.1 })).toThrow(OptionError);
  });
});

describe('a reference set', () => {
  const x = normals(createRng(1), 4, 3);
  const y = [0, 1, 0, 2];
  const gallery = normals(createRng(2), 5, 3);
  const labels = [0, 1, 2, 0, 1];

  it('takes the place of the batch, and gets its gradient', () => {
    const c = closenessOf('cosine', true, x, gallery);
    const losses = y.flatMap((ya, a) =>
      labels.flatMap((yp, p) =>
        labels.flatMap((yn, n) => (yp === ya && yn !== ya ? [softplus((c[a]![n]! - c[a]![p]!) / 0.5)] : [])),
      ),
    );
    const f = (rows: tf.Tensor, others: tf.Tensor) => {
      const reference = { embeddings: others as tf.Tensor2D, labels };
      return ncaTripletLoss(rows as tf.Tensor2D, y, { temperature: 0.5, reference });
    };
    const { value, grads } = tf.valueAndGrads(f)([matrix(x), matrix(gallery)]);
    expect(Math.abs(value.dataSync()[0]! - average(losses))).toBeLessThan(1e-5);
    const slow = (rows: Rows) => tf.tidy(() => f(matrix(x), matrix(rows)).dataSync()[0]!);
    expect(distance(grads[1]!.arraySync(), differences(gallery, slow, 1e-2))).toBeLessThan(2e-3);
  });

  it('is the batch itself where every row owns its copy', () => {
    const { x: rows, y: ids } = problem(8);
    const own = rows.map((_, i) => i);
    const plain = lossAndGradient(rows, (e) => hardNegativeLoss(e, ids));
    const copied = lossAndGradient(rows, (e) =>
      hardNegativeLoss(e, ids, { reference: { embeddings: e, labels: ids, own } }),
    );
    expect(copied.loss).toBeCloseTo(plain.loss, 6);
    expect(distance(copied.gradient, plain.gradient)).toBeLessThan(1e-5);
    const disowned = lossAndGradient(rows, (e) =>
      tripletMarginLoss(e, ids, {
        miner: easyPositiveHardNegative({ duplicateThreshold: null }),
        margin: 2,
        reference: { embeddings: e, labels: ids },
      }),
    );
    const self = lossAndGradient(rows, (e) =>
      tripletMarginLoss(e, ids, { miner: easyPositiveHardNegative({ duplicateThreshold: null }), margin: 2 }),
    );
    expect(disowned.loss).toBeLessThan(self.loss);
  });

  it('refuses what does not fit', () => {
    const rows = matrix(x);
    const reference = { embeddings: matrix(gallery), labels };
    const loss = (other: object) => () => ncaTripletLoss(rows, y, { reference: { ...reference, ...other } });
    expect(loss({ embeddings: tf.zeros([5, 2]) })).toThrow(EmbeddingsError);
    expect(loss({ labels: [0, 1] })).toThrow(LabelsError);
    expect(loss({ own: [0, 1] })).toThrow(ReferenceSetError);
    expect(loss({ own: [0, 1, 2, 5] })).toThrow(ReferenceSetError);
    expect(() => tripletMarginLoss(rows, y, { reference, swap: true })).toThrow(OptionError);
  });
});

it('a distance of your own needs only a matrix that can be differentiated', () => {
  const manhattan: Distance = {
    name: 'manhattan',
    largerIsCloser: false,
    matrix: (a, b = a) => tf.sum(tf.abs(tf.sub(tf.expandDims(a, 1), tf.expandDims(b, 0))), 2) as tf.Tensor2D,
  };
  const { x, y } = problem(21);
  const slow = (rows: Rows) =>
    average(
      allTripletsOf(y).map(([a, p, n]) => {
        const d = (i: number) => rows[a!]!.reduce((s, value, k) => s + Math.abs(value - rows[i]![k]!), 0);
        return Math.max(0, d(p!) - d(n!) + 1);
      }),
    );
  const { loss, gradient } = lossAndGradient(x, (rows) =>
    tripletMarginLoss(rows, y, { distance: manhattan, margin: 1, reducer: mean() }),
  );
  expect(Math.abs(loss - slow(x))).toBeLessThan(1e-5);
  expect(distance(gradient, differences(x, slow))).toBeLessThan(1e-4);
  const broken: Distance = { ...manhattan, matrix: (a) => tf.mul(tf.zeros([a.shape[0], a.shape[0]]), Number.NaN) };
  expect(() => ncaTripletLoss(matrix(x), y, { distance: broken })).toThrow(NonFiniteError);
  expect(unit([[0, 0]])).toEqual([[0, 0]]);
});
