import type { Part, Threshold, TriNetConfig } from './config.js';

const thresholds: readonly [Threshold, ...Threshold[]] = [
  { sigma0: 0.95, sigmaOs: 0.25, std: 0.05 },
  { sigma0: 0.99, sigmaOs: 0.01, std: 0.001 },
  { sigma0: 0.999, sigmaOs: 0.01, std: 0.001 },
];

/** 500 labels; the whole pool from round 3 on, fine-tuning in rounds 4, 8 and 12. */
const fashion: Part = {
  prefix: '',
  title: 'Fashion-MNIST, 500 labels',
  dataSet: 'fashion-mnist',
  labelsPerClass: 50,
  unlabeled: 1_600,
  validationPerClass: 50,
  testPerClass: null,
  net: { kind: 'small', filters: 8 },
  augment: [{ kind: 'shift', pixels: 2 }],
  batchSize: 50,
  optimizer: { kind: 'adam', learningRate: 3e-3 },
  initialisation: { steps: 600 },
  headTraining: { steps: 80 },
  fineTuning: { steps: 150 },
  rounds: 12,
  poolBase: 200,
  fineTuneEvery: 4,
  thresholds,
  desPasses: 9,
  trained: ['trinet', 'supervised-extra', 'self-training', 'no-diversity', 'oracle'],
};

/** Digits: fewer labels, as they are easier. */
const digits: Part = {
  ...fashion,
  prefix: 'digits/',
  title: 'handwritten digits, 50 labels',
  dataSet: 'opencv-digits',
  labelsPerClass: 5,
  validationPerClass: 20,
};

/** The experiment of the committed results. */
export const standard: TriNetConfig = { parts: [fashion, digits] };

const quickPart: Part = {
  ...fashion,
  title: 'Fashion-MNIST, 200 labels',
  dataSet: 'fashion-mnist/subset',
  labelsPerClass: 20,
  unlabeled: 500,
  validationPerClass: 10,
  testPerClass: 50,
  net: { kind: 'small', filters: 4 },
  optimizer: { kind: 'adam', learningRate: 0.01 },
  initialisation: { steps: 150 },
  headTraining: { steps: 25 },
  fineTuning: { steps: 50 },
  rounds: 5,
  poolBase: 125,
  thresholds: [{ sigma0: 0.8, sigmaOs: 0.2, std: 0.05 }],
  desPasses: 6,
};

/** A newcomer's first run, on the shipped images. */
export const quick: TriNetConfig = { parts: [quickPart] };

/** Every role once, as small as it goes. */
export const smoke: TriNetConfig = {
  parts: [
    {
      ...quickPart,
      labelsPerClass: 2,
      optimizer: { kind: 'adam', learningRate: 0.03 },
      unlabeled: 60,
      validationPerClass: 2,
      testPerClass: 2,
      net: { kind: 'small', filters: 4 },
      initialisation: { steps: 15 },
      headTraining: { steps: 1 },
      fineTuning: { steps: 1 },
      batchSize: 20,
      augment: [],
      rounds: 2,
      poolBase: 30,
      fineTuneEvery: 2,
      thresholds: [
        { sigma0: 0.1, sigmaOs: 0, std: 0.05 },
        { sigma0: 0.12, sigmaOs: 0, std: 0.01 },
      ],
      desPasses: 3,
      trained: [...fashion.trained, 'no-smearing', 'no-fine-tuning', 'no-des', 'identical-heads'],
    },
  ],
};

/** Where Tri-net helps and where it hurts: labels a class × steps of the initialisation × threshold. */
export const studyGrid = {
  labelsPerClass: [5, 20, 100],
  initialSteps: [150, 600],
  thresholds,
} as const;

/** The place of a setting in the names of its arms. */
export const studyPrefix = (labelsPerClass: number, steps: number, sigma0: number) =>
  `n${10 * labelsPerClass}/i${steps}/s${sigma0}/`;

const map: readonly Part[] = studyGrid.labelsPerClass.flatMap((labelsPerClass) =>
  studyGrid.initialSteps.flatMap((steps) =>
    studyGrid.thresholds.map(
      (threshold): Part => ({
        ...fashion,
        prefix: studyPrefix(labelsPerClass, steps, threshold.sigma0),
        title: `${10 * labelsPerClass} labels, ${steps} initial steps, σ_0 = ${threshold.sigma0}`,
        labelsPerClass,
        validationPerClass: 10,
        initialisation: { steps },
        thresholds: [threshold],
        trained: ['trinet', 'supervised-extra'],
      }),
    ),
  ),
);

export const study: TriNetConfig = {
  parts: [
    ...map,
    {
      ...fashion,
      prefix: 'ablations/',
      title: 'Ablations, Fashion-MNIST, 500 labels',
      trained: ['trinet', 'supervised-extra', 'no-smearing', 'no-fine-tuning', 'no-des', 'identical-heads'],
    },
  ],
};

/** As in the paper where it says so, else as in re-implementations and from memory: see paper.json. */
const published: Part = {
  prefix: 'cifar-10/',
  title: '13-layer net on CIFAR-10, 4,000 labels',
  dataSet: 'cifar-10',
  labelsPerClass: 400,
  unlabeled: null,
  validationPerClass: 100,
  testPerClass: null,
  net: { kind: 'conv-large', width: 128, inputNoise: 0.15 },
  augment: [{ kind: 'shift', pixels: 2 }, { kind: 'flip' }],
  batchSize: 16,
  optimizer: { kind: 'sgd', learningRate: 0.1, headLearningRate: 0.02, momentum: 0.9 },
  initialisation: { epochs: 300 },
  headTraining: { epochs: 90 },
  fineTuning: { epochs: 90 },
  rounds: 30,
  poolBase: 1_000,
  fineTuneEvery: 4,
  thresholds: [{ sigma0: 0.95, sigmaOs: 0.25, std: 0.05 }],
  desPasses: 9,
  // Phases count epochs: without pseudo-labels they would be shorter, so that labels alone is no fair control here.
  trained: fashion.trained.filter((role) => role !== 'supervised-extra'),
};

/** The paper's own set-up. */
export const paper: TriNetConfig = {
  parts: [
    published,
    {
      ...published,
      prefix: 'svhn/',
      title: '13-layer net on SVHN, 1,000 labels',
      dataSet: 'svhn',
      labelsPerClass: 100,
      augment: [{ kind: 'shift', pixels: 2 }],
    },
  ],
};
