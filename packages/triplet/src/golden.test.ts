import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { averagePrecision, averagePrecisionAtR, hitAtK, rPrecision } from '@tensor-papers/numerics/metrics';
import { goldenSuite } from '@tensor-papers/tools/golden';
import * as tf from '@tensorflow/tfjs';
import { lossAndGradient, matrix, mined, type Rows } from '../test/support.js';
import {
  allTriplets,
  batchHard,
  cosineGradient,
  cosineSimilarity,
  draggedShare,
  easyPositiveHardNegative,
  easyPositiveSemiHardNegative,
  entangledChange,
  euclideanDistance,
  evaluateEmbeddings,
  evaluateTerm,
  firstOrderChange,
  gradientStep,
  hardNegativeLoss,
  type Miner,
  type Motion,
  marginTerm,
  marginTriplets,
  mean,
  meanNonZero,
  ncaTerm,
  ncaTripletLoss,
  normalisationJacobian,
  type SimilarityChange,
  selectivelyContrastiveLoss,
  selectivelyContrastiveTerm,
  semiHardNegativeLoss,
  type TripletTerm,
  tripletDiagram,
  tripletLoss,
  tripletLosses,
  tripletMarginLoss,
  tripletMiner,
  triplets,
} from './index.js';

interface GoldenInputs {
  pairs: [number, number][];
  v: number[];
  sAp: number[];
  sAn: number[];
  x: Rows;
  y: number[];
  a: number[];
  p: number[];
  n: number[];
  relevance: number[];
}

interface GoldenOptions {
  tau: number;
  lambda?: number;
  hardCutoff?: number;
  reduction?: string;
  margin: number;
  distance: string;
  mining: string;
  method: string;
  loss: string;
  positive: 'easy' | 'hard' | 'all';
  negative: 'hardest' | 'semiHard' | 'facenet' | 'all';
  duplicateThreshold: number | null;
  ks: number[];
  alpha: number;
  gamma: number;
  p: number[];
}

type Answers = Record<string, () => unknown>;

const read = (tensor: tf.Tensor) => tensor.arraySync();
const vector = (values: number[]) => tf.tensor1d(values, 'float32');

const ncaOf = ({ tau }: GoldenOptions) => ncaTerm({ temperature: tau });
const sctOptions = ({ tau, lambda, hardCutoff, reduction }: GoldenOptions) => ({
  temperature: tau,
  lambda,
  hardCutoff,
  reduction: reduction as 'sumOfMeans' | undefined,
});
const sctOf = (options: GoldenOptions) => selectivelyContrastiveTerm(sctOptions(options));

/** A term elementwise, with its derivatives by automatic differentiation through `change`. */
function elementwise(
  term: TripletTerm,
  { sAp, sAn }: GoldenInputs,
  change = (s: tf.Tensor1D): tf.Tensor1D => s,
): Answers {
  const loss = (ap: tf.Tensor, an: tf.Tensor) => {
    const [positive, negative] = [change(ap as tf.Tensor1D), change(an as tf.Tensor1D)];
    return tripletLosses(term, positive, negative);
  };
  const slopes = () => tf.grads(loss)([vector(sAp), vector(sAn)]) as [tf.Tensor, tf.Tensor];
  return {
    loss: () => read(loss(vector(sAp), vector(sAn))),
    dSap: () => read(slopes()[0]),
    dSan: () => read(slopes()[1]),
  };
}

/** Loss, gradient and triplets of a batch. */
function batchAnswers(
  { x, y }: GoldenInputs,
  loss: (embeddings: tf.Tensor2D, labels: number[]) => tf.Scalar,
  miner: Miner,
): Answers {
  const results = () => lossAndGradient(x, (embeddings) => loss(embeddings, y));
  const chosen = () => mined(miner, x, y);
  return {
    loss: () => results().loss,
    gradient: () => results().gradient,
    triplets: chosen,
    tripletCount: () => chosen().length,
  };
}

function marginAnswers(inputs: GoldenInputs, { mining, margin, distance: name, reduction }: GoldenOptions): Answers {
  const distance = name === 'cosine' ? cosineSimilarity() : euclideanDistance();
  const reducer = reduction === 'mean' ? mean() : meanNonZero();
  const miner = mining === 'batchHard' ? batchHard() : allTriplets();
  const loss = (embeddings: tf.Tensor2D, labels: number[]) =>
    tripletMarginLoss(embeddings, labels, { margin, distance, reducer, miner });
  const active = () => {
    const chosen = mined(miner, inputs.x, inputs.y, { distance });
    const values = distance.matrix(matrix(inputs.x)).arraySync();
    const side = (i: number) => chosen.map((t) => (distance.largerIsCloser ? 1 : -1) * values[t[0]!]![t[i]!]!);
    return evaluateTerm(marginTerm({ margin }), side(1), side(2)).loss.filter((value) => value > 0).length;
  };
  return { ...batchAnswers(inputs, loss, miner), active };
}

function tripletAnswers({ a, p, n }: GoldenInputs, options: GoldenOptions): Answers {
  const term = options.loss === 'sct' ? sctOf(options) : ncaOf(options);
  const results = () =>
    lossAndGradient([a, p, n], (rows) => tripletLoss(rows, [0, 0, 1], term, { miner: triplets([0], [1], [2]) }));
  return {
    loss: () => results().loss,
    gradA: () => results().gradient[0],
    gradP: () => results().gradient[1],
    gradN: () => results().gradient[2],
  };
}

function retrievalAnswers({ x, y }: GoldenInputs, { ks }: GoldenOptions): Answers {
  const scores = () => evaluateEmbeddings(matrix(x), y, { at: ks });
  return {
    recall: () => scores().hitAt,
    rPrecision: () => scores().rPrecision,
    mapAtR: () => scores().averagePrecisionAtR,
    meanAveragePrecision: () => scores().averagePrecision,
  };
}

const columns = (pairs: [number, number][]) => [pairs.map(([p]) => p), pairs.map(([, n]) => n)] as const;

const pairsOf = ({ positive, negative }: SimilarityChange) => Array.from(positive, (p, i) => [p, negative[i]!]);

function entangledPairs(inputs: GoldenInputs, change: SimilarityChange, { p }: GoldenOptions) {
  const [positive, negative] = columns(inputs.pairs);
  return p.map((strength) => pairsOf(entangledChange(positive, negative, change, strength)));
}

function stepAnswers(inputs: GoldenInputs, options: GoldenOptions): Answers {
  const [positive, negative] = columns(inputs.pairs);
  const { alpha: learningRate, gamma } = options;
  const step = gradientStep(positive, negative, { term: ncaOf(options), learningRate, gamma });
  const { lengths } = step;
  return {
    b: () => [...step.pull],
    raw: () => pairsOf(step.products),
    norms: () => positive.map((_, i) => [lengths.positive[i], lengths.negative[i], lengths.anchor[i]]),
    new: () => pairsOf(step.next),
    delta: () => pairsOf(step.change),
    deltaTotal: () => entangledPairs(inputs, step.change, options),
  };
}

function rateAnswers(inputs: GoldenInputs, options: GoldenOptions): Answers {
  const [positive, negative] = columns(inputs.pairs);
  const rates = (term: TripletTerm) => firstOrderChange(positive, negative, { term, gamma: options.gamma });
  return {
    nca: () => pairsOf(rates(ncaOf(options))),
    ncaTotal: () => entangledPairs(inputs, rates(ncaOf(options)), options),
    sctHard: () => pairsOf(rates(sctOf(options))),
  };
}

/** On a coarser grid than the cases', which costs a third of their tolerance. */
function shareAnswers({ p }: GoldenInputs, options: GoldenOptions): Answers {
  const { alpha: learningRate, gamma } = options;
  const share = (motion: Motion) => () =>
    p.map((entanglement) =>
      draggedShare({ term: ncaOf(options), motion, learningRate, gamma, entanglement, resolution: 400 }),
    );
  return { firstOrder: share('firstOrder'), step: share('step') };
}

const sctBatch = (inputs: GoldenInputs, options: GoldenOptions) => {
  const { duplicateThreshold } = options;
  return batchAnswers(
    inputs,
    (rows, labels) => selectivelyContrastiveLoss(rows, labels, { ...sctOptions(options), duplicateThreshold }),
    easyPositiveHardNegative({ duplicateThreshold }),
  );
};

const calls: Record<string, (inputs: GoldenInputs, options: GoldenOptions) => Answers> = {
  'jacobian-i-z-z': (inputs) => {
    const { x, v } = inputs as unknown as { x: number[]; v: number[] };
    return {
      jacobian: () => x.map((_, i) => [...normalisationJacobian(x).subarray(i * x.length, (i + 1) * x.length)]),
      cosine: () =>
        cosineSimilarity()
          .matrix(matrix([x]), matrix([v]))
          .arraySync()[0]![0],
      gradient: () => [...cosineGradient(x, v)],
    };
  },
  'one-sgd-step-on': stepAnswers,
  'first-order-change-of': rateAnswers,
  'share-of-the-triangle': shareAnswers,
  'triplet-diagram-of-all': ({ x, y }, { margin, duplicateThreshold }) => {
    const diagram = tripletDiagram(matrix(x), y, { margin, duplicateThreshold });
    return {
      regions: () => diagram.regions,
      hardRatio: () => diagram.hardRatio,
      anchors: () => diagram.anchors,
      meanOffDiagonal: () => diagram.meanOffDiagonal,
    };
  },
  'nca-elementwise-on-arrays': (inputs, options) => elementwise(ncaOf(options), inputs),
  'nca-finite-for-s': (inputs, options) => elementwise(ncaOf(options), inputs),
  'second-order-nca-logits': (inputs, { tau }) => elementwise(ncaTerm({ temperature: tau, secondOrder: true }), inputs),
  'sct-elementwise-on-arrays': (inputs, options) => elementwise(sctOf(options), inputs),
  'sct-with-a-hard': (inputs, options) => elementwise(sctOf(options), inputs),
  'margin-triplet-cosine-elementwise': (inputs, { margin }) => elementwise(marginTerm({ margin }), inputs),
  'margin-triplet-euclid-elementwise': (inputs, { margin }) =>
    elementwise(marginTerm({ margin }), inputs, (s) => s.mul<tf.Tensor1D>(-2).add<tf.Tensor1D>(2).sqrt().neg()),
  'loss-of-one-triplet': tripletAnswers,
  'triplets-a-p-n': ({ x, y }, { positive, negative, duplicateThreshold }) => {
    const choice = negative === 'facenet' ? 'faceNet' : negative;
    return { triplets: () => mined(tripletMiner({ positive, negative: choice, duplicateThreshold }), x, y) };
  },
  'all-triplets-with-0': ({ x, y }, { margin }) => ({
    triplets: () => mined(marginTriplets({ margin, type: 'semiHard' }), x, y),
  }),
  'nca-on-easy-positive': (inputs, { tau, duplicateThreshold }) =>
    batchAnswers(
      inputs,
      (rows, labels) => hardNegativeLoss(rows, labels, { temperature: tau, duplicateThreshold }),
      easyPositiveHardNegative({ duplicateThreshold }),
    ),
  'nca-on-easy-positive-semi': (inputs, { tau, duplicateThreshold }) =>
    batchAnswers(
      inputs,
      (rows, labels) => semiHardNegativeLoss(rows, labels, { temperature: tau, duplicateThreshold }),
      easyPositiveSemiHardNegative({ duplicateThreshold }),
    ),
  'sct-on-easy-positive': sctBatch,
  'nca-on-all-triplets': (inputs, { tau }) =>
    batchAnswers(inputs, (rows, labels) => ncaTripletLoss(rows, labels, { temperature: tau }), allTriplets()),
  'margin-triplet-loss-of': marginAnswers,
  'retrieval-inside-one-set': retrievalAnswers,
  'measures-of-one-ranked': ({ relevance }) => {
    const scores = relevance.map((_, i) => -i);
    return {
      rPrecision: () => rPrecision(scores, relevance),
      mapAtR: () => averagePrecisionAtR(scores, relevance),
      averagePrecision: () => averagePrecision(scores, relevance),
      recallAt1: () => hitAtK(scores, relevance, 1),
    };
  },
};

/** A duplicate threshold of null means none; any other option that is null is not given. */
const golden = goldenSuite({
  fixture: join(__dirname, '..', 'fixtures', 'golden.json'),
  calls,
  keepNull: ['duplicateThreshold'],
  tidy: tf.tidy,
});

describe(golden.title, () => {
  it('maps every function to a call', () => {
    expect(golden.findings).toEqual([]);
  });

  it.each(golden.cases.map((each) => [each.name, each] as const))('%s', async (_, each) => {
    expect(await golden.check(each)).toEqual([]);
  });
});
