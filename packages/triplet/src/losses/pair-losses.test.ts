import { describe, expect, it } from '@jest/globals';
import { createRng } from '@tensor-papers/numerics/random';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import {
  closenessOf,
  differences,
  distance,
  leak,
  lossAndGradient,
  matrix,
  normals,
  problem,
  type Rows,
} from '../../test/support.js';
import {
  arcFaceLoss,
  batchHard,
  contrastiveLoss,
  cosineSimilarity,
  type Distance,
  EmbeddingsError,
  euclideanDistance,
  infoNceLoss,
  LabelsError,
  type LossOptions,
  mean,
  meanNonZero,
  multiSimilarityLoss,
  nPairLoss,
  ntXentLoss,
  OptionError,
  pairLoss,
  pairs,
  perAnchor,
  proxyAnchorLoss,
  type Reducer,
  type RowTerm,
  squaredEuclideanDistance,
  sum,
  triplets,
} from '../index.js';

interface Element {
  readonly anchor: number;
  readonly loss: number;
}

const average = (list: number[]) => (list.length === 0 ? 0 : list.reduce((a, b) => a + b, 0) / list.length);
const total = (list: number[]) => list.reduce((a, b) => a + b, 0);

const reducers: readonly (readonly [Reducer, (elements: Element[]) => number])[] = [
  [mean(), (elements) => average(elements.map(({ loss }) => loss))],
  [meanNonZero(), (elements) => average(elements.map(({ loss }) => loss).filter((loss) => loss > 0))],
  [sum(), (elements) => total(elements.map(({ loss }) => loss))],
  [
    perAnchor(),
    (elements) => {
      const anchors = [...new Set(elements.map(({ anchor }) => anchor))];
      const of = (a: number) => elements.filter(({ anchor }) => anchor === a).map(({ loss }) => loss);
      return average(anchors.map((a) => average(of(a))));
    },
  ],
];

const distances: readonly Distance[] = [cosineSimilarity(), euclideanDistance(), squaredEuclideanDistance()];

/** Positives and negatives of an anchor, as closeness. */
type Row = (anchor: number, positives: number[], negatives: number[]) => Element[][];

/** Each loss as elements of each anchor, in one list or two, from what the docs say. */
const slow: Readonly<
  Record<string, readonly [(x: tf.Tensor2D, y: number[], o: LossOptions) => tf.Scalar, (d: Distance) => Row]>
> = {
  contrastive: [
    (x, y, options) => contrastiveLoss(x, y, { positiveMargin: 0.3, negativeMargin: 0.8, ...options }),
    ({ largerIsCloser }) => {
      const sign = largerIsCloser ? 1 : -1;
      return (anchor, p, n) => [
        p.map((s) => ({ anchor, loss: Math.max(0, sign * 0.3 - s) })),
        n.map((s) => ({ anchor, loss: Math.max(0, s - sign * 0.8) })),
      ];
    },
  ],
  multiSimilarity: [
    (x, y, options) => multiSimilarityLoss(x, y, { alpha: 2, beta: 5, base: 0.4, ...options }),
    ({ largerIsCloser }) => {
      const base = largerIsCloser ? 0.4 : -0.4;
      const log = (list: number[], factor: number) => Math.log1p(total(list.map((s) => Math.exp(factor * (s - base)))));
      return (anchor, p, n) => [[{ anchor, loss: log(p, -2) / 2 + log(n, 5) / 5 }]];
    },
  ],
  ntXent: [
    (x, y, options) => ntXentLoss(x, y, { temperature: 0.4, ...options }),
    () => (anchor, p, n) => {
      const others = total(n.map((s) => Math.exp(s / 0.4)));
      return [p.map((s) => ({ anchor, loss: Math.log1p(others / Math.exp(s / 0.4)) }))];
    },
  ],
};

function slowLoss(x: Rows, y: number[], name: string, distance: Distance, reduce: (elements: Element[]) => number) {
  const c = closenessOf(distance.name, true, x);
  const rows = y.map((_, a) => {
    const of = (same: boolean) => y.flatMap((l, j) => (j !== a && (l === y[a]) === same ? [c[a]![j]!] : []));
    return slow[name]![1](distance)(a, of(true), of(false));
  });
  const parts = name === 'contrastive' ? [0, 1] : [0];
  return total(parts.map((part) => reduce(rows.flatMap((row) => row[part]!))));
}

describe.each(Object.keys(slow))('%s with any distance and reducer', (name) => {
  const [loss] = slow[name]!;

  it('is the loss of plain loops, and its gradient that of finite differences', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.constantFrom(...reducers),
        fc.constantFrom(...distances),
        (seed, [reducer, reduce], measured) => {
          const { x, y } = problem(seed, { batch: 7 });
          const result = lossAndGradient(x, (rows) => loss(rows, y, { distance: measured, reducer }));
          const expected = slowLoss(x, y, name, measured, reduce);
          expect(Math.abs(result.loss - expected)).toBeLessThan(2e-5 * Math.max(1, expected));
          const c = closenessOf(measured.name, true, x).flat();
          const edges = c.flatMap((s) => [Math.abs(s) - 0.3, Math.abs(s) - 0.8]);
          if (edges.some((edge) => Math.abs(edge) < 1e-4)) return;
          const slopes = differences(x, (rows) => slowLoss(rows, y, name, measured, reduce), 1e-6);
          const scale = Math.max(1, ...slopes.flat().map(Math.abs));
          expect(distance(result.gradient, slopes) / scale).toBeLessThan(3e-4);
        },
      ),
      { numRuns: 30, seed: 1 },
    );
  });

  it('is 0 with zero gradient where there is no pair', () => {
    for (const y of [[-1, -1, -1]]) {
      const result = lossAndGradient(
        [
          [1, 2],
          [2, 1],
          [0, 3],
        ],
        (rows) => loss(rows, y, {}),
      );
      expect(result.loss).toBe(0);
      expect(result.gradient.flat().every((slope) => slope === 0)).toBe(true);
    }
    for (const y of [
      [4, 4, 4],
      [0, 1, 2],
    ]) {
      const result = lossAndGradient(
        [
          [1, 2],
          [2, 1],
          [0, 3],
        ],
        (rows) => loss(rows, y, {}),
      );
      expect([result.loss, ...result.gradient.flat()].every(Number.isFinite)).toBe(true);
    }
  });

  it('takes triplets as their pairs, and pairs listed twice twice', () => {
    const { x, y } = problem(5);
    const mined = lossAndGradient(x, (rows) => loss(rows, y, { miner: batchHard() }));
    expect(Number.isFinite(mined.loss) && mined.loss > 0).toBe(true);
    const three = [
      [1, 0.2],
      [0.8, 0.7],
      [0.3, 1],
    ];
    const run = (miner: LossOptions['miner']) =>
      lossAndGradient(three, (rows) => loss(rows, [0, 0, 1], { miner: miner!, reducer: sum() }));
    expect(run(triplets([0], [1], [2]))).toEqual(run(pairs([0], [1], [0], [2])));
    const once = run(pairs([0], [1], [0], [2]));
    const twice = run(pairs([0, 0], [1, 1], [0], [2]));
    if (name !== 'multiSimilarity') expect(twice.loss).toBeGreaterThan(once.loss);
    expect([twice.loss, ...twice.gradient.flat()].every(Number.isFinite)).toBe(true);
  });

  it('leaves no tensors', async () => {
    const { x, y } = problem(6);
    const rows = matrix(x);
    const gradient = tf.valueAndGrad((p) => loss(p as tf.Tensor2D, y, {}));
    expect(
      await leak(() => {
        const { value, grad } = gradient(rows);
        tf.dispose([value, grad]);
      }),
    ).toBe(0);
  });
});

describe('InfoNCE', () => {
  const [queries, keys] = [normals(createRng(1), 5, 3), normals(createRng(2), 5, 3)];
  const slowNce = (q: Rows, k: Rows, temperature: number) => {
    const c = closenessOf('cosine', true, q, k);
    return average(c.map((row, i) => Math.log(total(row.map((s) => Math.exp((s - row[i]!) / temperature))))));
  };

  it('is the cross-entropy of each query over the keys; symmetric takes the mean of both directions', () => {
    const loss = (symmetric: boolean) =>
      infoNceLoss(matrix(queries), matrix(keys), { temperature: 0.3, symmetric }).dataSync()[0]!;
    expect(loss(false)).toBeCloseTo(slowNce(queries, keys, 0.3), 5);
    expect(loss(true)).toBeCloseTo((slowNce(queries, keys, 0.3) + slowNce(keys, queries, 0.3)) / 2, 5);
  });

  it('gives both sides a gradient, and leaves no tensors', async () => {
    const [q, k] = [matrix(queries), matrix(keys)];
    const grads = tf.grads((a, b) =>
      infoNceLoss(a as tf.Tensor2D, b as tf.Tensor2D, { temperature: 0.3, symmetric: true }),
    );
    const [dq, dk] = grads([q, k]) as [tf.Tensor2D, tf.Tensor2D];
    const both = (a: Rows, b: Rows) => (slowNce(a, b, 0.3) + slowNce(b, a, 0.3)) / 2;
    expect(
      distance(
        dq.arraySync(),
        differences(queries, (rows) => both(rows, keys)),
      ),
    ).toBeLessThan(1e-4);
    expect(
      distance(
        dk.arraySync(),
        differences(keys, (rows) => both(queries, rows)),
      ),
    ).toBeLessThan(1e-4);
    expect(await leak(() => infoNceLoss(q, k, { symmetric: true }).dispose())).toBe(0);
  });

  it('refuses keys of another form', () => {
    expect(() => infoNceLoss(matrix(queries), matrix(keys.slice(1)))).toThrow(EmbeddingsError);
    expect(() => infoNceLoss(matrix(queries), tf.zeros([5, 2]))).toThrow(EmbeddingsError);
    expect(() => infoNceLoss(matrix(queries), matrix(keys), { temperature: 0 })).toThrow(OptionError);
  });
});

describe('N-pair', () => {
  it('takes the first pair of each class that has one', () => {
    const x = normals(createRng(3), 6, 3);
    const y = [1, 0, 1, 0, 2, 0];
    const c = closenessOf('dot', false, x);
    const chosen = [
      [0, 2],
      [1, 3],
    ];
    const expected = average(
      chosen.map(([a, p]) => Math.log(total(chosen.map(([, q]) => Math.exp(c[a!]![q!]! - c[a!]![p!]!))))),
    );
    expect(nPairLoss(matrix(x), y).dataSync()[0]).toBeCloseTo(expected, 5);
    const mined = nPairLoss(matrix(x), y, { miner: pairs([2, 5, 0], [0, 1, 2]) }).dataSync()[0]!;
    const given = [
      [2, 0],
      [5, 1],
    ];
    const other = average(
      given.map(([a, p]) => Math.log(total(given.map(([, q]) => Math.exp(c[a!]![q!]! - c[a!]![p!]!))))),
    );
    expect(mined).toBeCloseTo(other, 5);
  });

  it('is 0 without a class of two images, and leaves no tensors', async () => {
    const x = matrix([
      [1, 2],
      [2, 1],
    ]);
    expect(nPairLoss(x, [0, 1]).dataSync()[0]).toBe(0);
    expect(await leak(() => nPairLoss(x, [0, 0]).dispose())).toBe(0);
  });
});

const proxyLosses = {
  proxyAnchorLoss: (x: tf.Tensor2D, y: number[], p: tf.Tensor2D) => proxyAnchorLoss(x, y, p, { alpha: 4 }),
  arcFaceLoss: (x: tf.Tensor2D, y: number[], p: tf.Tensor2D) => arcFaceLoss(x, y, p, { scale: 4 }),
};

function slowProxyAnchor(x: Rows, y: number[], proxies: Rows): number {
  const c = closenessOf('cosine', true, proxies, x);
  const of = (k: number, same: boolean) =>
    y.flatMap((label, i) => (label !== -1 && (label === k) === same ? [c[k]![i]!] : []));
  const used = proxies.flatMap((_, k) => (of(k, true).length > 0 ? [k] : []));
  const near = used.map((k) => Math.log1p(total(of(k, true).map((s) => Math.exp(-4 * (s - 0.1))))));
  const far = proxies.map((_, k) => Math.log1p(total(of(k, false).map((s) => Math.exp(4 * (s + 0.1))))));
  return average(near) + average(far);
}

function slowArcFace(x: Rows, y: number[], weights: Rows): number {
  const margin = (28.6 * Math.PI) / 180;
  const c = closenessOf('cosine', true, x, weights);
  return average(
    y.flatMap((label, i) => {
      if (label === -1) return [];
      const theta = Math.acos(c[i]![label]!);
      const target = theta <= Math.PI - margin ? Math.cos(theta + margin) : Math.cos(theta) - margin * Math.sin(margin);
      const logits = c[i]!.map((s, k) => 4 * (k === label ? target : s));
      return [Math.log(total(logits.map((logit) => Math.exp(logit - logits[label]!))))];
    }),
  );
}

describe.each([
  ['proxyAnchorLoss', proxyLosses.proxyAnchorLoss, slowProxyAnchor],
  ['arcFaceLoss', proxyLosses.arcFaceLoss, slowArcFace],
] as const)('%s', (_, loss, slowOf) => {
  it('is the loss of plain loops, with gradients for rows and proxies', () => {
    for (const seed of [1, 2, 3, 4]) {
      const { x, y } = problem(seed, { batch: 6, classes: 4 });
      const labels = y.map((label, i) => (i === 5 ? -1 : label));
      const proxies = normals(createRng(seed + 100), 4, 3);
      const f = (rows: tf.Tensor, p: tf.Tensor) => loss(rows as tf.Tensor2D, labels, p as tf.Tensor2D);
      const { value, grads } = tf.valueAndGrads(f)([matrix(x), matrix(proxies)]);
      expect(value.dataSync()[0]).toBeCloseTo(slowOf(x, labels, proxies), 4);
      expect(
        distance(
          grads[0]!.arraySync(),
          differences(x, (rows) => slowOf(rows, labels, proxies)),
        ),
      ).toBeLessThan(1e-3);
      expect(
        distance(
          grads[1]!.arraySync(),
          differences(proxies, (rows) => slowOf(x, labels, rows)),
        ),
      ).toBeLessThan(1e-3);
    }
  });

  it('refuses labels without a proxy and proxies of another width, and leaves no tensors', async () => {
    const [x, proxies] = [
      matrix([
        [1, 2],
        [2, 1],
      ]),
      matrix([
        [1, 0],
        [0, 1],
      ]),
    ];
    expect(() => loss(x, [0, 2], proxies)).toThrow(LabelsError);
    expect(() => loss(x, [0, 1], tf.zeros([2, 3]))).toThrow(EmbeddingsError);
    expect(await leak(() => loss(x, [0, 1], proxies).dispose())).toBe(0);
  });

  it('stays finite where rows and proxies are the same or opposite', () => {
    const rows = [
      [1, 0],
      [-1, 0],
      [0, 0],
    ];
    const f = (a: tf.Tensor) =>
      loss(
        a as tf.Tensor2D,
        [0, 0, 1],
        matrix([
          [1, 0],
          [0, 1],
        ]),
      );
    const { value, grad } = tf.valueAndGrad(f)(matrix(rows));
    expect([...value.dataSync(), ...grad.dataSync()].every(Number.isFinite)).toBe(true);
  });
});

it('a term of your own over the pairs of an anchor works with every distance and reducer', () => {
  /** The farthest positive against the closest negative. */
  const worst: RowTerm = {
    name: 'worst',
    evaluate: ({ positives, positiveCount, negatives, negativeCount }, emit, slopes) => {
      if (positiveCount * negativeCount === 0) return;
      let [p, n] = [0, 0];
      for (let k = 1; k < positiveCount; k++) if (positives[k]! < positives[p]!) p = k;
      for (let k = 1; k < negativeCount; k++) if (negatives[k]! > negatives[n]!) n = k;
      if (!emit(negatives[n]! - positives[p]! + 3)) return;
      slopes.positives[p] = -1;
      slopes.negatives[n] = 1;
    },
  };
  const { x, y } = problem(31);
  const rows = matrix(x);
  const loss = pairLoss(rows, y, worst, { distance: euclideanDistance() }).dataSync()[0]!;
  const c = closenessOf('euclidean', true, x);
  const expected = y.flatMap((label, a) => {
    const of = (same: boolean) => y.flatMap((l, j) => (j !== a && (l === label) === same ? [c[a]![j]!] : []));
    return of(true).length * of(false).length > 0 ? [Math.max(...of(false)) - Math.min(...of(true)) + 3] : [];
  });
  expect(loss).toBeCloseTo(average(expected), 5);
});

it('pair losses refuse options that make no sense', () => {
  const x = matrix([
    [1, 2],
    [2, 1],
  ]);
  const y = [0, 1];
  expect(() => contrastiveLoss(x, y, { positiveMargin: Number.NaN })).toThrow(OptionError);
  expect(() => multiSimilarityLoss(x, y, { alpha: 0 })).toThrow(OptionError);
  expect(() => multiSimilarityLoss(x, y, { beta: -1 })).toThrow(OptionError);
  expect(() => ntXentLoss(x, y, { temperature: 0 })).toThrow(OptionError);
  expect(() => proxyAnchorLoss(x, y, x, { alpha: 0 })).toThrow(OptionError);
  expect(() => arcFaceLoss(x, y, x, { margin: 181 })).toThrow(OptionError);
  expect(() => arcFaceLoss(x, y, x, { scale: 0 })).toThrow(OptionError);
  expect(() => contrastiveLoss(x, [0])).toThrow(LabelsError);
});
