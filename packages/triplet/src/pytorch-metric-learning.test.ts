import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs';
import { matrix, type Rows, rowsOf } from '../test/support.js';
import {
  arcFaceLoss,
  batchHard,
  CrossBatchMemory,
  classWeighted,
  contrastiveLoss,
  cosineSimilarity,
  type Distance,
  easyPositiveHardNegative,
  euclideanDistance,
  infoNceLoss,
  logDistanceWeight,
  type Miner,
  marginTriplets,
  mean,
  mine,
  multiSimilarityLoss,
  multiSimilarityMiner,
  ncaTripletLoss,
  nPairLoss,
  ntXentLoss,
  type Pairs,
  proxyAnchorLoss,
  squaredEuclideanDistance,
  type TripletMinerOptions,
  type Triplets,
  threshold,
  tripletMarginLoss,
  tripletMiner,
} from './index.js';

interface Batch {
  readonly x: number[];
  readonly y: number[];
  readonly r: number[];
  /** Value, gradient of x, and of r where the loss has one. */
  readonly losses: Readonly<Record<string, [number, number[], number[]?]>>;
  readonly miners: Readonly<Record<string, string>>;
}

type Step = { readonly x: number[]; readonly y: number[] } & Readonly<
  Record<'contrastive' | 'margin', [number, number[]]>
>;

const file = join(__dirname, '..', 'fixtures', 'pml.json.gz');
const { batches, memory, weights } = JSON.parse(gunzipSync(readFileSync(file)).toString()) as {
  readonly batches: Batch[];
  readonly memory: Step[];
  readonly weights: { readonly x: Rows; readonly y: number[]; readonly weights: Rows }[];
};

const rows = (values: number[]): Rows =>
  Array.from({ length: values.length / 3 }, (_, i) => values.slice(3 * i, 3 * i + 3));

const cosine = cosineSimilarity();
const euclidean = euclideanDistance();
const rawEuclidean = euclideanDistance({ normalize: false });
const CLASSES = 3;

type Loss = (x: tf.Tensor2D, y: number[], r: tf.Tensor2D) => tf.Scalar;

const losses: Readonly<Record<string, Loss>> = {
  margin: (x, y) => tripletMarginLoss(x, y, { margin: 0.2 }),
  marginCosineMean: (x, y) => tripletMarginLoss(x, y, { margin: 0.1, distance: cosine, reducer: mean() }),
  marginSmoothSwap: (x, y) => tripletMarginLoss(x, y, { margin: 0.3, smooth: true, swap: true, reducer: mean() }),
  marginSquaredHard: (x, y) =>
    tripletMarginLoss(x, y, {
      margin: 0.2,
      distance: squaredEuclideanDistance(),
      miner: batchHard(),
      reducer: mean(),
    }),
  marginRawHard: (x, y) =>
    tripletMarginLoss(x, y, { margin: 0.2, distance: rawEuclidean, miner: batchHard(), reducer: mean() }),
  marginSemiHard: (x, y) => {
    const miner = mine(marginTriplets({ margin: 0.2, type: 'semiHard' }), x, y, { distance: cosine });
    return tripletMarginLoss(x, y, { margin: 0.2, miner, reducer: mean() });
  },
  marginWeighted: (x, y) =>
    tripletMarginLoss(x, y, { margin: 0.2, distance: cosine, reducer: classWeighted([0.5, 1, 2]) }),
  nca: (x, y) =>
    ncaTripletLoss(x, y, { temperature: 1, miner: easyPositiveHardNegative({ duplicateThreshold: null }) }),
  contrastive: (x, y) => contrastiveLoss(x, y),
  contrastiveCosine: (x, y) => contrastiveLoss(x, y, { distance: cosine, positiveMargin: 0.9, negativeMargin: 0.2 }),
  contrastiveThreshold: (x, y) => contrastiveLoss(x, y, { reducer: threshold({ above: 0.1, below: 0.8 }) }),
  multiSimilarity: (x, y) => multiSimilarityLoss(x, y),
  multiSimilarityMined: (x, y) => multiSimilarityLoss(x, y, { miner: multiSimilarityMiner() }),
  ntXent: (x, y) => ntXentLoss(x, y),
  ntXentEuclidean: (x, y) => ntXentLoss(x, y, { temperature: 0.5, distance: euclidean }),
  nPair: (x, y) => nPairLoss(x, y),
  infoNce: (x, _, r) => infoNceLoss(x, r, { temperature: 0.2 }),
  marginReference: (x, y, r) =>
    tripletMarginLoss(x, y, { margin: 0.2, reducer: mean(), reference: { embeddings: r, labels: [...y].reverse() } }),
  proxyAnchor: (x, y, r) => proxyAnchorLoss(x, y, r),
  arcFace: (x, y, r) => arcFaceLoss(x, y, r, { scale: 16 }),
};

/** Losses whose r are proxies: of it only a row a class. */
const ofProxies = ['proxyAnchor', 'arcFace'];

const by = (positive: TripletMinerOptions['positive'], negative: TripletMinerOptions['negative'], most?: number) =>
  tripletMiner({ positive, negative, duplicateThreshold: most ?? null });

const miners: Readonly<Record<string, readonly [Miner, Distance]>> = {
  batchHard: [batchHard(), cosine],
  batchHardEuclidean: [batchHard(), rawEuclidean],
  easyHardest: [by('easy', 'hardest'), cosine],
  easySemiHardStrict: [by('easy', 'semiHardStrict'), cosine],
  hardSemiHardStrict: [tripletMiner({ positive: 'hard', negative: 'semiHardStrict' }), euclidean],
  easyEasiest: [by('easy', 'easiest'), cosine],
  easyAllowed: [by('easy', 'hardest', 0.9), cosine],
  allHardest: [tripletMiner({ positive: 'all', negative: 'hardest' }), cosine],
  marginAll: [marginTriplets({ margin: 0.2 }), euclidean],
  marginHard: [marginTriplets({ margin: 0.2, type: 'hard' }), euclidean],
  marginSemiHard: [marginTriplets({ margin: 0.2, type: 'semiHard' }), cosine],
  marginEasy: [marginTriplets({ margin: 0.2, type: 'easy' }), cosine],
  multiSimilarity: [multiSimilarityMiner(), cosine],
};

/** Each number within 1e-5 of what is expected, of numbers above 1 that share. */
function agree(got: ArrayLike<number>, expected: ArrayLike<number>): boolean {
  if (got.length !== expected.length) return false;
  return Array.from(got).every(
    (value, i) => Math.abs(value - expected[i]!) <= 1e-5 * Math.max(1, Math.abs(expected[i]!)),
  );
}

const asDigits = (lists: number[][]) =>
  lists
    .map((indices) => indices.join(''))
    .sort()
    .join(' ');

function chosen(tuples: Triplets | Pairs): string {
  if (tuples.kind === 'triplets') return asDigits(rowsOf(tuples));
  const zip = (a: Int32Array, b: Int32Array) => Array.from(a, (anchor, i) => [anchor, b[i]!]);
  const { anchors, positives, negativeAnchors, negatives } = tuples;
  return `${asDigits(zip(anchors, positives))}|${asDigits(zip(negativeAnchors, negatives))}`;
}

describe('pytorch-metric-learning 2.9.0 on 200 random batches', () => {
  it('is compared in everything that the fixture holds', () => {
    expect(batches).toHaveLength(200);
    expect(Object.keys(losses)).toEqual(Object.keys(batches[0]!.losses));
    expect(Object.keys(miners)).toEqual(Object.keys(batches[0]!.miners));
  });

  it.each(Object.entries(losses))('%s: same loss and gradient', (name, loss) => {
    const off = batches.filter(({ x, y, r, losses: { [name]: expected } }) => {
      const [value, ofX, ofR] = expected!;
      return tf.tidy(() => {
        const second = matrix(rows(ofProxies.includes(name) ? r.slice(0, 3 * CLASSES) : r));
        const run = (a: tf.Tensor, b: tf.Tensor) => loss(a as tf.Tensor2D, y, b as tf.Tensor2D);
        const results = ofR
          ? tf.valueAndGrads(run)([matrix(rows(x)), second])
          : tf.valueAndGrads((a) => run(a, second))([matrix(rows(x))]);
        const same = agree(results.value.dataSync(), [value]) && agree(results.grads[0]!.dataSync(), ofX);
        return !(same && (!ofR || agree(results.grads[1]!.dataSync(), ofR)));
      });
    });
    expect(off).toEqual([]);
  });

  it.each(Object.entries(miners))('%s: same choice', (name, [miner, distance]) => {
    const off = batches.filter(({ x, y, miners: { [name]: expected } }) => {
      const tensor = matrix(rows(x));
      const got = chosen(mine(miner, tensor, y, { distance }));
      tensor.dispose();
      return got !== expected;
    });
    expect(off).toEqual([]);
  });
});

it('a cross-batch memory that wraps around gives the losses of pytorch-metric-learning', () => {
  using contrastive = new CrossBatchMemory({ rows: 7, dimensions: 3 });
  using margin = new CrossBatchMemory({ rows: 7, dimensions: 3 });
  for (const step of memory) {
    tf.tidy(() => {
      const of = (loss: (x: tf.Tensor2D) => tf.Scalar, [value, gradient]: [number, number[]]) => {
        const result = tf.valueAndGrad((x) => loss(x as tf.Tensor2D))(matrix(rows(step.x)));
        expect(agree(result.value.dataSync(), [value])).toBe(true);
        expect(agree(result.grad.dataSync(), gradient)).toBe(true);
      };
      of((x) => contrastiveLoss(x, step.y, { reference: contrastive.push(x, step.y) }), step.contrastive);
      of((x) => {
        const reference = margin.push(x, step.y);
        return tripletMarginLoss(x, step.y, { margin: 0.2, reference, miner: batchHard(), reducer: mean() });
      }, step.margin);
    });
  }
  expect(memory.some(({ margin: [value] }) => value > 0)).toBe(true);
});

it('distance-weighted mining draws by the weights of pytorch-metric-learning', () => {
  for (const { x, y, weights: expected } of weights) {
    const d = euclidean.matrix(matrix(x)).arraySync();
    const got = d.map((row, a) => {
      const logs = row.map((value, j) => (y[j] === y[a] ? Number.NEGATIVE_INFINITY : logDistanceWeight(value, 5)));
      const largest = Math.max(...logs);
      const shares = logs.map((log) => (largest === Number.NEGATIVE_INFINITY ? 0 : Math.exp(log - largest)));
      const sum = shares.reduce((total, share) => total + share, 0);
      return shares.map((share) => (sum === 0 ? 0 : share / sum));
    });
    expect(agree(got.flat(), expected.flat())).toBe(true);
  }
  expect(weights.flatMap(({ weights: rowsOf }) => rowsOf.flat()).some((share) => share > 0 && share < 1)).toBe(true);
});
