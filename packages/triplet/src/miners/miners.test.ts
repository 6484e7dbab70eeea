import { describe, expect, it } from '@jest/globals';
import { createRng } from '@tensor-papers/numerics/random';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { allTripletsOf, closenessOf, leak, matrix, mined, problem, type Rows } from '../../test/support.js';
import {
  allTriplets,
  batchHard,
  cosineSimilarity,
  type Distance,
  distanceWeightedMiner,
  dotProduct,
  easyPositiveHardNegative,
  easyPositiveSemiHardNegative,
  euclideanDistance,
  faceNetSemiHard,
  logDistanceWeight,
  type Miner,
  marginTriplets,
  mine,
  multiSimilarityMiner,
  type NegativeChoice,
  OptionError,
  type Pairs,
  type PositiveChoice,
  pairs,
  randomTriplets,
  TuplesError,
  tripletMiner,
  triplets,
} from '../index.js';

const rng = () => createRng(1);
const measures: readonly Distance[] = [cosineSimilarity(), euclideanDistance(), dotProduct()];
const runs = { numRuns: 20, seed: 1 };

const anyBatch = fc
  .record({ seed: fc.nat(), batch: fc.integer({ min: 1, max: 12 }), classes: fc.integer({ min: 1, max: 4 }) })
  .map(({ seed, ...sizes }) => problem(seed, sizes));

const c = (x: Rows, measure: Distance) =>
  closenessOf(measure.name, measure.toCosine !== undefined, x).map((row) => row.map(Math.fround));

/** Indices of positives or negatives of an anchor. */
const others = (y: number[], a: number, same: boolean) =>
  y.flatMap((label, j) => (j !== a && (label === y[a]) === same ? [j] : []));

/** The first of the largest. */
const argmax = (list: number[], value: (j: number) => number) =>
  list.reduce<number>((best, j) => (best < 0 || value(j) > value(best) ? j : best), -1);

type Rule = (x: Rows, y: number[], measure: Distance) => number[][];

/** The miners' table in plain loops. */
function rule(positive: PositiveChoice, negative: NegativeChoice): Rule {
  return (x, y, measure) => {
    const values = c(x, measure);
    return y.flatMap((_, a) => {
      const at = (j: number) => values[a]![j]!;
      const [same, diff] = [others(y, a, true), others(y, a, false)];
      if (same.length * diff.length === 0) return [];
      const chosen = positive === 'all' ? same : [argmax(same, positive === 'easy' ? at : (j) => -at(j))];
      return chosen.flatMap((p) => {
        const farthest = argmax(diff, (j) => -at(j));
        const below = (ties: boolean) =>
          argmax(
            diff.filter((n) => at(n) < at(p) || (ties && at(n) === at(p))),
            at,
          );
        const found: Partial<Record<NegativeChoice, number>> = {
          hardest: argmax(diff, at),
          easiest: farthest,
          semiHard: below(true),
          semiHardStrict: below(false),
          faceNet: below(false) < 0 ? farthest : below(false),
        };
        if (negative === 'all') return diff.map((n) => [a, p, n]);
        return found[negative]! < 0 ? [] : [[a, p, found[negative]!]];
      });
    });
  };
}

const choices = ['easy', 'hard', 'all'] as const;
const negatives = ['hardest', 'semiHard', 'semiHardStrict', 'faceNet', 'easiest', 'all'] as const;

describe.each(choices.flatMap((p) => negatives.map((n) => [p, n] as const)))('positive %s, negative %s', (p, n) => {
  it('is what plain loops choose, for similarities and distances', () => {
    const miner = tripletMiner({ positive: p, negative: n, duplicateThreshold: null });
    fc.assert(
      fc.property(anyBatch, fc.constantFrom(...measures), ({ x, y }, distance) => {
        expect(mined(miner, x, y, { distance })).toEqual(rule(p, n)(x, y, distance));
      }),
      runs,
    );
  });
});

const named: Readonly<Record<string, () => Miner>> = {
  allTriplets,
  batchHard,
  easyPositiveHardNegative,
  easyPositiveSemiHardNegative,
  faceNetSemiHard,
  randomTriplets: () => randomTriplets(rng()),
  distanceWeighted: () => distanceWeightedMiner({ rng: rng() }),
  marginAll: () => marginTriplets(),
  easyAndRandom: () => tripletMiner({ positive: 'easy', negative: 'random', rng: rng() }),
};

describe.each(Object.entries(named))('%s', (_, make) => {
  it('chooses only valid triplets, ordered by anchor', () => {
    fc.assert(
      fc.property(anyBatch, ({ x, y }) => {
        const found = mined(make(), x, y);
        for (const [a, p, n] of found) {
          expect(a).not.toBe(p);
          expect(y[a!]).toBe(y[p!]);
          expect(y[a!]).not.toBe(y[n!]);
        }
        expect(found.map(([a]) => a)).toEqual([...found.map(([a]) => a!)].sort((a, b) => a - b));
      }),
      runs,
    );
  });

  it('has nothing to choose in one class, of single images, and of rows without labels', () => {
    const x = [
      [1, 2],
      [2, 1],
      [0, 3],
    ];
    for (const y of [
      [4, 4, 4],
      [0, 1, 2],
      [-1, -1, -1],
    ])
      expect(mined(make(), x, y)).toEqual([]);
    expect(mined(make(), [...x, [1, 1]], [0, 0, 1, -1]).flat()).not.toContain(3);
  });

  it('leaves no tensors', async () => {
    const { x, y } = problem(1);
    const rows = matrix(x);
    expect(await leak(() => mine(make(), rows, y))).toBe(0);
  });
});

describe('ties and duplicates', () => {
  const x = [
    [1, 0],
    [1, 0],
    [1, 0],
    [0, 1],
    [0, 1],
    [0, 1],
  ];

  it('ties go to the lowest index', () => {
    const easy = easyPositiveHardNegative({ duplicateThreshold: null });
    expect(mined(easy, x, [0, 0, 0, 1, 1, 1])).toEqual([
      [0, 1, 3],
      [1, 0, 3],
      [2, 0, 3],
      [3, 4, 0],
      [4, 3, 0],
      [5, 3, 0],
    ]);
  });

  it('semi-hard keeps a tie with the positive, its strict form and FaceNet do not', () => {
    const tie = [
      [1, 0],
      [0.6, 0.8],
      [0.6, -0.8],
      [0, 1],
    ];
    const y = [0, 0, 1, 1];
    const first = (negative: NegativeChoice) =>
      mined(tripletMiner({ positive: 'easy', negative, duplicateThreshold: null }), tie, y).find(([a]) => a === 0);
    expect(first('semiHard')).toEqual([0, 1, 2]);
    expect(first('semiHardStrict')).toEqual([0, 1, 3]);
    expect(first('faceNet')).toEqual([0, 1, 3]);
  });

  it('an easy positive leaves duplicates out, on every distance between unit rows', () => {
    const rows = [
      [0, 5],
      [0, 2],
      [1, 2],
      [1, -1],
    ];
    for (const distance of [cosineSimilarity(), euclideanDistance()]) {
      expect(mined(easyPositiveHardNegative(), rows, [0, 0, 0, 1], { distance })).toEqual([
        [0, 2, 3],
        [1, 2, 3],
        [2, 0, 3],
      ]);
    }
    const free = { distance: dotProduct() };
    expect(mined(easyPositiveHardNegative(), rows, [0, 0, 0, 1], free)[0]).toEqual([0, 1, 3]);
    expect(() => mined(easyPositiveHardNegative({ duplicateThreshold: 0.9 }), rows, [0, 0, 0, 1], free)).toThrow(
      OptionError,
    );
  });
});

describe('margin triplets', () => {
  it('fall into hard, semi-hard and easy by their gap; all are hard and semi-hard', () => {
    fc.assert(
      fc.property(anyBatch, fc.constantFrom(...measures), ({ x, y }, distance) => {
        const of = (type: 'all' | 'hard' | 'semiHard' | 'easy') =>
          mined(marginTriplets({ margin: 0.2, type }), x, y, { distance });
        const order = (list: number[][]) => list.map(String).sort();
        expect(order([...of('hard'), ...of('semiHard')])).toEqual(order(of('all')));
        expect(order([...of('all'), ...of('easy')])).toEqual(order(allTripletsOf(y)));
      }),
      runs,
    );
  });
});

describe('distance-weighted mining', () => {
  it('draws the negatives of an anchor by their weights', () => {
    const x = [
      [1, 0, 0],
      [1, 0.1, 0],
      [1, 1, 0],
      [0.5, 1, 0],
      [1, 0, 0.9],
      [-1, 0, 0],
    ];
    const y = [0, 0, 1, 2, 3, 4];
    const miner = distanceWeightedMiner({ rng: createRng(3) });
    const rows = matrix(x);
    const d = euclideanDistance().matrix(rows).arraySync()[0]!;
    const weights = d.map((value, j) => (y[j] === 0 ? 0 : Math.exp(logDistanceWeight(value, 3))));
    const sum = weights.reduce((total, weight) => total + weight, 0);
    const counts = y.map(() => 0);
    const draws = 1500;
    for (let i = 0; i < draws; i++) {
      const { negatives: drawn } = mine(miner, rows, y);
      counts[drawn[0]!]!++;
    }
    expect(counts[5]).toBe(0); // beyond the cutoff
    counts.forEach((count, j) => {
      const share = weights[j]! / sum;
      expect(Math.abs(count / draws - share)).toBeLessThan(4 * Math.sqrt(0.25 / draws));
    });
    rows.dispose();
  });

  it('leaves anchors out that have only far negatives, and needs unit rows', () => {
    expect(
      mined(
        distanceWeightedMiner({ rng: rng() }),
        [
          [1, 0],
          [1, 0.1],
          [-1, 0],
        ],
        [0, 0, 1],
      ),
    ).toEqual([]);
    const distance = dotProduct();
    expect(() => mined(distanceWeightedMiner({ rng: rng() }), [[1, 0]], [0], { distance })).toThrow(OptionError);
  });

  it('repeats with the same rng', () => {
    const { x, y } = problem(5, { batch: 12 });
    const draw = () => mined(distanceWeightedMiner({ rng: createRng(9), nonZeroLossCutoff: 1.9 }), x, y);
    expect(draw()).toEqual(draw());
    expect(draw().length).toBeGreaterThan(0);
  });
});

describe('multi-similarity mining', () => {
  it('keeps the pairs that its inequalities say', () => {
    fc.assert(
      fc.property(anyBatch, fc.constantFrom(...measures), ({ x, y }, distance) => {
        const values = c(x, distance);
        const rows = matrix(x);
        const found = mine(multiSimilarityMiner({ epsilon: 0.15 }), rows, y, { distance }) as Pairs;
        rows.dispose();
        const expected = y.flatMap((_, a) => {
          const [same, diff] = [others(y, a, true), others(y, a, false)];
          const largest = Math.max(...diff.map((j) => values[a]![j]!));
          const smallest = Math.min(...same.map((j) => values[a]![j]!));
          return [
            ...same.filter((j) => values[a]![j]! - 0.15 < largest).map((j) => ['+', a, j]),
            ...diff.filter((j) => values[a]![j]! + 0.15 > smallest).map((j) => ['-', a, j]),
          ];
        });
        const got = [
          ...Array.from(found.anchors, (a, i) => ['+', a, found.positives[i]!]),
          ...Array.from(found.negativeAnchors, (a, i) => ['-', a, found.negatives[i]!]),
        ];
        expect(got.map(String).sort()).toEqual(expected.map(String).sort());
      }),
      runs,
    );
  });
});

it('random choices come from the rng, and reach every positive and negative', () => {
  const { x } = problem(2, { batch: 6 });
  const y = [0, 0, 0, 1, 1, 2];
  const source = createRng(4);
  const seen = new Set<string>();
  for (let i = 0; i < 150; i++) for (const triplet of mined(randomTriplets(source), x, y)) seen.add(String(triplet));
  expect(seen.size).toBe(allTripletsOf(y).length);
  const draw = () => mined(randomTriplets(createRng(4)), x, y);
  expect(draw()).toEqual(draw());
});

it('a reference set gives positives and negatives, but never the row itself', () => {
  const rows = matrix([
    [1, 0],
    [0, 1],
  ]);
  const reference = {
    embeddings: matrix([
      [1, 0],
      [1, 0.5],
      [0, 1],
    ]),
    labels: [0, 0, 1],
    own: [0, 2],
  };
  const options = { reference };
  const easy = easyPositiveHardNegative({ duplicateThreshold: null });
  expect(
    mined(
      easy,
      [
        [1, 0],
        [0, 1],
      ],
      [0, 1],
      options,
    ),
  ).toEqual([[0, 1, 2]]);
  const free = { reference: { embeddings: reference.embeddings, labels: reference.labels } };
  expect(
    mined(
      easy,
      [
        [1, 0],
        [0, 1],
      ],
      [0, 1],
      free,
    ),
  ).toEqual([
    [0, 0, 2],
    [1, 2, 1],
  ]);
  expect(
    mined(
      allTriplets(),
      [
        [1, 0],
        [0, 1],
      ],
      [0, 1],
      options,
    ),
  ).toEqual([[0, 1, 2]]);
  tf.dispose([rows, reference.embeddings]);
});

describe('tuples of your own', () => {
  it('need lists of one length', () => {
    expect(() => triplets([0], [1], [])).toThrow(TuplesError);
    expect(() => pairs([0], [])).toThrow(TuplesError);
    expect(() => pairs([0], [1], [0])).toThrow(TuplesError);
    expect(pairs([0], [1])).toMatchObject({ kind: 'pairs', negatives: new Int32Array(0) });
  });
});

it('miners refuse options that make no sense', () => {
  const options = { positive: 'easy', negative: 'hardest' } as const;
  expect(() => tripletMiner({ ...options, positive: 'best' as 'easy' })).toThrow(OptionError);
  expect(() => tripletMiner({ ...options, negative: 'worst' as 'hardest' })).toThrow(OptionError);
  expect(() => tripletMiner({ ...options, negative: 'random' })).toThrow(OptionError);
  expect(() => tripletMiner({ ...options, duplicateThreshold: Number.NaN })).toThrow(OptionError);
  expect(() => marginTriplets({ margin: -1 })).toThrow(OptionError);
  expect(() => marginTriplets({ type: 'some' as 'all' })).toThrow(OptionError);
  expect(() => multiSimilarityMiner({ epsilon: -1 })).toThrow(OptionError);
  expect(() => distanceWeightedMiner({ rng: rng(), cutoff: 0 })).toThrow(OptionError);
  expect(() => distanceWeightedMiner({} as { rng: ReturnType<typeof rng> })).toThrow(OptionError);
});
