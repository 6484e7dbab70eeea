import { describe, expect, it } from '@jest/globals';
import { createRng } from '@tensor-papers/numerics/random';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { allTripletsOf, closenessOf, distance, dot, leak, matrix, normals, problem, unit } from '../../test/support.js';
import {
  allTriplets,
  collapseWarning,
  cosineGradient,
  draggedShare,
  EmbeddingsError,
  entangledChange,
  euclideanDistance,
  evaluateEmbeddings,
  evaluateTerm,
  firstOrderChange,
  gradientKept,
  gradientStep,
  LabelsError,
  marginTerm,
  multiSimilarityMiner,
  ncaTerm,
  ncaTripletLoss,
  normalisationJacobian,
  OptionError,
  selectivelyContrastiveTerm,
  type TripletTerm,
  tripletDiagram,
  tripletGradients,
  vectorField,
} from '../index.js';

const terms: readonly TripletTerm[] = [
  ncaTerm({ temperature: 0.7 }),
  selectivelyContrastiveTerm({ lambda: 0.8 }),
  marginTerm({ margin: 0.3 }),
];
const runs = { numRuns: 60, seed: 1 };
const minus = (a: number[], b: ArrayLike<number>, factor = 1) => a.map((value, i) => value - factor * b[i]!);
const cosine = (a: number[], b: number[]) => dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));

/** Unit vectors of a triplet with their similarities and γ. */
const anyTriplet = fc.nat().map((seed) => {
  const [a, p, n] = unit(normals(createRng(seed), 3, 4)) as [number[], number[], number[]];
  const [ap, an, pn] = [dot(a, p), dot(a, n), dot(p, n)];
  return { a, p, n, ap, an, gamma: (pn - ap * an) / Math.sqrt((1 - ap ** 2) * (1 - an ** 2)) };
});

describe('the gradient of one triplet', () => {
  it('with the Jacobian is that of the loss, without it that of free vectors', () => {
    fc.assert(
      fc.property(anyTriplet, fc.constantFrom(...terms), ({ a, p, n, ap, an }, term) => {
        const scaled = [a.map((v) => 2 * v), p.map((v) => 0.5 * v), n] as const;
        const { loss, anchor, positive, negative } = tripletGradients(...scaled, { term });
        const { positiveSlope, negativeSlope, loss: expected } = evaluateTerm(term, [ap], [an]);
        expect(loss).toBeCloseTo(expected[0]!, 10);
        for (const [gradient, x] of [
          [anchor, a],
          [positive, p],
          [negative, n],
        ] as const) {
          expect(Math.abs(dot([...gradient], x))).toBeLessThan(1e-10);
        }
        const [s, t] = [positiveSlope[0]!, negativeSlope[0]!];
        const ofAnchor = a.map((z, i) => (s * (p[i]! - ap * z) + t * (n[i]! - an * z)) / 2);
        expect(distance([...anchor], ofAnchor)).toBeLessThan(1e-10);
        const free = tripletGradients(a, p, n, { term, normalised: false });
        expect(
          distance(
            [...free.anchor],
            a.map((_, i) => s * p[i]! + t * n[i]!),
          ),
        ).toBeLessThan(1e-10);
        expect(
          distance(
            [...free.positive],
            a.map((z) => s * z),
          ),
        ).toBeLessThan(1e-10);
        expect(
          distance(
            [...free.negative],
            a.map((z) => t * z),
          ),
        ).toBeLessThan(1e-10);
      }),
      runs,
    );
  });

  it('needs three vectors of one length, none of them zero', () => {
    const term = terms[0]!;
    expect(() => tripletGradients([1, 0], [1], [0, 1], { term })).toThrow(EmbeddingsError);
    expect(() => tripletGradients([1, 0], [0, 0], [0, 1], { term })).toThrow(OptionError);
  });
});

describe('the motion of a triplet', () => {
  it('in a step is what moving the vectors gives', () => {
    fc.assert(
      fc.property(anyTriplet, fc.constantFrom(...terms), ({ a, p, n, ap, an, gamma }, term) => {
        const learningRate = 0.2;
        const step = gradientStep([ap], [an], { term, learningRate, gamma: Math.max(-1, Math.min(1, gamma)) });
        const slopes = tripletGradients(a, p, n, { term, normalised: false });
        const [a2, p2, n2] = [
          minus(a, slopes.anchor, learningRate),
          minus(p, slopes.positive, learningRate),
          minus(n, slopes.negative, learningRate),
        ];
        expect(step.products.positive[0]).toBeCloseTo(dot(a2, p2), 9);
        expect(step.products.negative[0]).toBeCloseTo(dot(a2, n2), 9);
        expect(step.lengths.anchor[0]).toBeCloseTo(Math.sqrt(dot(a2, a2)), 9);
        expect(step.next.positive[0]).toBeCloseTo(cosine(a2, p2), 9);
        expect(step.next.negative[0]).toBeCloseTo(cosine(a2, n2), 9);
        expect(step.change.negative[0]).toBeCloseTo(cosine(a2, n2) - an, 9);
      }),
      runs,
    );
  });

  it('to first order is what a tiny step along the gradient gives', () => {
    fc.assert(
      fc.property(anyTriplet, fc.constantFrom(...terms), ({ a, p, n, ap, an, gamma }, term) => {
        const rate = firstOrderChange([ap], [an], { term, gamma: Math.max(-1, Math.min(1, gamma)) });
        const slopes = tripletGradients(a, p, n, { term });
        const tiny = 1e-6;
        const [a2, p2, n2] = [
          minus(a, slopes.anchor, tiny),
          minus(p, slopes.positive, tiny),
          minus(n, slopes.negative, tiny),
        ];
        expect(Math.abs(rate.positive[0]! - (cosine(a2, p2) - ap) / tiny)).toBeLessThan(1e-4);
        expect(Math.abs(rate.negative[0]! - (cosine(a2, n2) - an) / tiny)).toBeLessThan(1e-4);
      }),
      runs,
    );
  });

  it('of a hard triplet leaves the positive alone under the selectively contrastive loss', () => {
    const term = selectivelyContrastiveTerm();
    const { positive, negative } = firstOrderChange([0.5], [0.9], { term });
    expect(Math.abs(positive[0]!)).toBe(0);
    expect(negative[0]).toBeLessThan(0);
    const total = entangledChange([0.5], [0.9], { positive, negative }, 1);
    expect(total.negative[0]).toBe(negative[0]);
  });

  it('refuses similarities and options outside their range', () => {
    const term = terms[0]!;
    expect(() => firstOrderChange([0.5], [0.5, 0.1], { term })).toThrow(OptionError);
    expect(() => firstOrderChange([1.5], [0.5], { term })).toThrow(OptionError);
    expect(() => gradientStep([0.5], [Number.NaN], { term })).toThrow(OptionError);
    expect(() => gradientStep([0.5], [0.5], { term, gamma: 2 })).toThrow(OptionError);
    expect(() => gradientStep([0.5], [0.5], { term, learningRate: 0 })).toThrow(OptionError);
    expect(() => entangledChange([0.5], [0.5], gradientStep([0.5], [0.5], { term }).change, 1.1)).toThrow(OptionError);
  });
});

describe('the vector field', () => {
  const term = ncaTerm({ temperature: 1 });

  it('holds the motion at each point of a grid', () => {
    const { from, change } = vectorField({ term, resolution: 3 });
    expect([...from.positive]).toEqual([0, 0.5, 1, 0, 0.5, 1, 0, 0.5, 1]);
    expect([...from.negative]).toEqual([0, 0, 0, 0.5, 0.5, 0.5, 1, 1, 1]);
    const step = gradientStep(from.positive, from.negative, { term });
    expect(change).toEqual(entangledChange(from.positive, from.negative, step.change, 0));
    const wide = vectorField({ term, resolution: 2, range: [-1, 1] });
    expect([...wide.from.positive]).toEqual([-1, 1, -1, 1]);
  });

  it('without normalisation moves every triplet the right way, with it hardly where S is near 1', () => {
    const products = vectorField({ term, motion: 'products' });
    expect(Math.min(...products.change.positive)).toBeGreaterThan(0);
    expect(Math.max(...products.change.negative)).toBeLessThan(0);
    const near = gradientStep([0.99], [0.99], { term });
    expect(Math.abs(near.change.negative[0]!)).toBeLessThan(0.1 * Math.abs(near.products.negative[0]! - 0.99));
  });

  it('drags no negative without entanglement, more with more, and none under the selectively contrastive loss', () => {
    const share = (entanglement: number, of = term) => draggedShare({ term: of, entanglement, resolution: 40 });
    expect(share(0)).toBe(0);
    expect(share(1)).toBeGreaterThan(share(0.5));
    expect(share(0.5)).toBeGreaterThan(0);
    expect(share(1, selectivelyContrastiveTerm())).toBe(0);
  });

  it('refuses options that make no sense', () => {
    expect(() => vectorField({ term, resolution: 1 })).toThrow(OptionError);
    expect(() => vectorField({ term, range: [0.5, 0.5] })).toThrow(OptionError);
    expect(() => vectorField({ term, range: [-2, 1] })).toThrow(OptionError);
    expect(() => vectorField({ term, motion: 'fast' as 'step' })).toThrow(OptionError);
  });
});

describe('the normalisation', () => {
  it('has a symmetric Jacobian that takes x to 0, and gives the gradient of the cosine', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const [x, v] = normals(createRng(seed), 2, 4) as [number[], number[]];
        const jacobian = normalisationJacobian(x);
        const row = (i: number) => [...jacobian.subarray(4 * i, 4 * i + 4)];
        expect(
          distance(
            [0, 1, 2, 3].map((i) => dot(row(i), x)),
            [0, 0, 0, 0],
          ),
        ).toBeLessThan(1e-10);
        const z = unit([v])[0]!;
        expect(
          distance(
            [...cosineGradient(x, v)],
            [0, 1, 2, 3].map((i) => dot(row(i), z)),
          ),
        ).toBeLessThan(1e-10);
        const length = Math.sqrt(dot(x, x));
        expect(Math.hypot(...cosineGradient(x, v))).toBeCloseTo(Math.sqrt(1 - cosine(x, v) ** 2) / length, 8);
      }),
      runs,
    );
    expect(() => normalisationJacobian([0, 0])).toThrow(OptionError);
    expect(() => cosineGradient([1, 0], [1])).toThrow(OptionError);
  });

  it('keeps of each gradient what is orthogonal to its row', async () => {
    const { x, y } = problem(4);
    const rows = matrix(x);
    const term = ncaTerm();
    const { free, kept, share } = gradientKept(rows, y, term);
    const gradient = tf
      .grad((p) => ncaTripletLoss(p as tf.Tensor2D, y))(rows)
      .arraySync() as number[][];
    const expected = gradient.map((row, i) => Math.sqrt(dot(row, row) * dot(x[i]!, x[i]!)));
    expect(distance([...kept], expected)).toBeLessThan(1e-4);
    share.forEach((part, i) => {
      expect(part).toBeLessThanOrEqual(1 + 1e-6);
      expect(part).toBeCloseTo(kept[i]! / free[i]!, 10);
    });
    expect(await leak(() => gradientKept(rows, y, term))).toBe(0);
  });
});

describe('the triplet diagram', () => {
  it('counts all triplets by region, and shows the hardest of each anchor', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const { x, y } = problem(seed);
        const rows = matrix(x);
        const { points, regions, hardRatio, anchors, meanOffDiagonal } = tripletDiagram(rows, y, { margin: 0.2 });
        const c = closenessOf('cosine', true, x);
        const all = allTripletsOf(y).map(([a, p, n]) => [c[a!]![p!]!, c[a!]![n!]!] as const);
        const count = (test: (p: number, n: number) => boolean) => all.filter(([p, n]) => test(p, n)).length;
        expect(regions).toEqual({
          easy: count((p, n) => n < p - 0.2),
          semiHard: count((p, n) => n >= p - 0.2 && n < p),
          boundary: 0,
          hard: count((p, n) => n > p),
        });
        const valid = [...new Set(allTripletsOf(y).map(([a]) => a!))];
        expect([...points.anchors]).toEqual(valid);
        expect(anchors).toBe(valid.length);
        const worst = valid.map((a) => {
          const of = (same: boolean) => y.flatMap((l, j) => (j !== a && (l === y[a]) === same ? [c[a]![j]!] : []));
          return [Math.max(...of(true)), Math.max(...of(false))] as const;
        });
        expect(
          distance(
            [...points.positive],
            worst.map(([p]) => p),
          ),
        ).toBeLessThan(1e-5);
        expect(
          distance(
            [...points.negative],
            worst.map(([, n]) => n),
          ),
        ).toBeLessThan(1e-5);
        const ratio = valid.length === 0 ? null : worst.filter(([p, n]) => n > p).length / valid.length;
        expect(hardRatio).toBe(ratio);
        const off = c.flatMap((row, i) => row.filter((_, j) => i !== j));
        expect(meanOffDiagonal).toBeCloseTo(off.reduce((s, v) => s + v, 0) / off.length, 4);
        rows.dispose();
      }),
      { numRuns: 15, seed: 1 },
    );
  });

  it('shows any miner, thinned where there are too many points', () => {
    const { x, y } = problem(3);
    const rows = matrix(x);
    const count = allTripletsOf(y).length;
    expect(tripletDiagram(rows, y, { miner: allTriplets() }).points.anchors).toHaveLength(count);
    const { points } = tripletDiagram(rows, y, { miner: allTriplets(), maxPoints: 7 });
    expect(points.anchors).toHaveLength(7);
    expect(points.negative).toHaveLength(7);
    expect(tripletDiagram(rows, y, { miner: multiSimilarityMiner() }).points.anchors.length).toBeGreaterThan(0);
  });

  it('tells a collapse, which duplicates must not hide', async () => {
    const rows = matrix([
      [1, 1],
      [1, 1],
      [1, 1.001],
      [1, 1.001],
    ]);
    const diagram = tripletDiagram(rows, [0, 1, 0, 1]);
    expect(diagram.anchors).toBe(4);
    expect(diagram.meanOffDiagonal).toBeCloseTo(1, 5);
    expect(diagram.hardRatio).toBe(1);
    expect(collapseWarning(diagram)).toContain('collapsed');
    expect(collapseWarning({ meanOffDiagonal: 0.5, hardRatio: 0 })).toBeNull();
    expect(collapseWarning({ meanOffDiagonal: null, hardRatio: null })).toBeNull();
    const same = tripletDiagram(
      matrix([
        [1, 1],
        [1, 1],
        [1, 1],
      ]),
      [0, 0, 1],
    );
    expect(same.regions).toEqual({ easy: 0, semiHard: 0, boundary: 2, hard: 0 });
    expect(await leak(() => tripletDiagram(rows, [0, 1, 0, 1]))).toBe(0);
  });

  it('is defined without triplets, and refuses what makes no sense', () => {
    expect(tripletDiagram(matrix([[1, 2]]), [0])).toMatchObject({ hardRatio: null, anchors: 0, meanOffDiagonal: null });
    const rows = matrix([
      [1, 2],
      [2, 1],
    ]);
    expect(() => tripletDiagram(rows, [0])).toThrow(LabelsError);
    expect(() => tripletDiagram(rows, [0, 0], { margin: -1 })).toThrow(OptionError);
    expect(() => tripletDiagram(rows, [0, 0], { maxPoints: 0 })).toThrow(OptionError);
  });
});

describe('evaluation', () => {
  it('is the same in any block size, for similarities and distances of unit rows, and without tensors left', async () => {
    const { x, y } = problem(6, { batch: 11 });
    const rows = matrix(x);
    const scores = (options: object) => {
      const { hitAt, averagePrecisionAtR, averagePrecision } = evaluateEmbeddings(rows, y, { at: [1, 2], ...options });
      return [...hitAt, averagePrecisionAtR, averagePrecision];
    };
    expect(scores({ blockSize: 3 })).toEqual(scores({}));
    expect(distance(scores({ distance: euclideanDistance() }), scores({}))).toBeLessThan(1e-12);
    expect(scores({})[1]).toBeGreaterThanOrEqual(scores({})[0]!);
    expect(await leak(() => scores({ blockSize: 4 }))).toBe(0);
  });

  it('searches a gallery where one is given', () => {
    const gallery = {
      embeddings: matrix([
        [0, 1],
        [1, 0.1],
        [1, 0],
      ]),
      labels: [1, 0, 1],
    };
    const { hitAt } = evaluateEmbeddings(
      matrix([
        [1, 0],
        [0, 2],
      ]),
      [0, 1],
      { gallery, at: [1, 2] },
    );
    expect(hitAt).toEqual([0.5, 1]);
    const bad = { embeddings: gallery.embeddings, labels: [0] };
    expect(() => evaluateEmbeddings(matrix([[1, 0]]), [0], { gallery: bad })).toThrow(LabelsError);
  });
});
