import type { Augmentation } from '@tensor-papers/numerics/augment';
import type { Role } from './arms.js';
import type { BanConfig, Net, Part } from './config.js';

const students: readonly Role[] = ['ban', 'ban-2', 'ban-3', 'ban+l', 'cwtm', 'dkpp', 'smoothMax'];
const compared: readonly Role[] = ['teacher', 'teacher-2', 'teacher-3', ...students];
const shiftAndFlip: Augmentation = [{ kind: 'shift', pixels: 2 }, { kind: 'flip' }];

const smallCnn = (filters: readonly number[]): Net => ({ kind: 'small-cnn', filters, head: 'flatten' });

/** 5,000 images, on which the net learns every training image. */
const fashion: Part = {
  prefix: '',
  title: 'CNN on Fashion-MNIST',
  dataSet: 'fashion-mnist',
  trainPerClass: 500,
  validationPerClass: 100,
  testPerClass: null,
  net: smallCnn([16, 32, 64]),
  standardize: false,
  hidden: [256, 128],
  epochs: 40,
  batchSize: 64,
  optimizer: { kind: 'adam-w', learningRate: 1e-3, weightDecay: 0.01 },
  schedule: { kind: 'cosine' },
  augment: [],
  trained: [...compared, 'cross/mlp-ce', 'cross/cnn-to-mlp', 'cross/mlp-to-cnn'],
};

/** H7: global average pooling, augmented images and a short schedule leave a teacher that has not learnt its training images. */
const underTrained = (part: Part, epochs: number, augment: Augmentation): Part => ({
  ...part,
  prefix: `${part.prefix}short/`,
  title: `${part.title}, under-trained`,
  net: { kind: 'small-cnn', filters: part.net.kind === 'small-cnn' ? part.net.filters : [], head: 'globalAveragePool' },
  epochs,
  augment,
  trained: ['teacher', 'ban', 'ban+l'],
});

const digits: Part = {
  ...fashion,
  prefix: 'digits/',
  title: 'CNN on handwritten digits',
  dataSet: 'opencv-digits',
  trainPerClass: 100,
  validationPerClass: 50,
  trained: compared,
};

/** The experiment of the committed results. */
export const standard: BanConfig = {
  parts: [
    fashion,
    underTrained(fashion, 10, shiftAndFlip),
    digits,
    underTrained(digits, 10, [{ kind: 'shift', pixels: 2 }]),
  ],
};

const quickPart: Part = {
  ...fashion,
  dataSet: 'fashion-mnist/subset',
  trainPerClass: 40,
  validationPerClass: 20,
  testPerClass: 100,
  net: smallCnn([8, 16, 32]),
  epochs: 20,
};

/** A newcomer's first run, on the shipped images. */
export const quick: BanConfig = { parts: [quickPart, underTrained(quickPart, 8, shiftAndFlip)] };

const smokePart: Part = {
  ...quickPart,
  trainPerClass: 20,
  validationPerClass: 5,
  testPerClass: 20,
  hidden: [32],
  epochs: 2,
};

/** Every role once, as small as it goes. */
export const smoke: BanConfig = { parts: [smokePart, underTrained(smokePart, 1, shiftAndFlip)] };

/** Where BAN helps and where it hurts: images a class × filters × epochs. */
export const studyGrid = {
  trainPerClass: [20, 100, 500],
  filters: [
    [8, 16, 32],
    [16, 32, 64],
    [32, 64, 128],
  ],
  epochs: [10, 40],
} as const;

export const study: BanConfig = {
  parts: studyGrid.epochs.flatMap((epochs) =>
    studyGrid.filters.flatMap((filters) =>
      studyGrid.trainPerClass.map(
        (trainPerClass): Part => ({
          ...fashion,
          prefix: `n${10 * trainPerClass}/f${filters[0]}/e${epochs}/`,
          title: `${10 * trainPerClass} images, filters ${filters.join('-')}, ${epochs} epochs`,
          trainPerClass,
          validationPerClass: 0,
          net: smallCnn(filters),
          epochs,
          trained: ['teacher', 'ban', 'ban+l'],
        }),
      ),
    ),
  ),
};

/** Wide-ResNet’s recipe, which the paper names without repeating its numbers. */
const published: Omit<Part, 'prefix' | 'title' | 'dataSet' | 'net' | 'trained'> = {
  trainPerClass: null,
  validationPerClass: 0,
  testPerClass: null,
  standardize: true,
  hidden: [],
  epochs: 200,
  batchSize: 128,
  optimizer: { kind: 'sgd', learningRate: 0.1, momentum: 0.9, nesterov: true, weightDecay: 5e-4 },
  schedule: { kind: 'multi-step', milestones: [60, 120, 160], factor: 0.2 },
  augment: [{ kind: 'crop', padding: 4, border: 'reflect' }, { kind: 'flip' }],
};

/** DenseNet’s own recipe for small images. */
const publishedDenseNet: typeof published = {
  ...published,
  epochs: 300,
  batchSize: 64,
  optimizer: { kind: 'sgd', learningRate: 0.1, momentum: 0.9, nesterov: true, weightDecay: 1e-4 },
  schedule: { kind: 'multi-step', milestones: [150, 225], factor: 0.1 },
};

const onCifar = (dataSet: 'cifar-10' | 'cifar-100', name: string, net: Net, trained: readonly Role[]): Part => ({
  ...(net.kind === 'dense-net' ? publishedDenseNet : published),
  prefix: `${dataSet}/${name}/`,
  title: `${name} on ${dataSet.toUpperCase()}`,
  dataSet,
  net,
  trained,
});

const wideResNets = [1, 2, 5, 10].map((width) => ({
  name: `wrn-28-${width}`,
  net: { kind: 'wide-res-net', depth: 28, width } satisfies Net,
}));
const denseNets = [
  [112, 33],
  [90, 60],
  [80, 80],
  [80, 120],
].map(([depth, growthRate]) => ({
  name: `densenet-${depth}-${growthRate}`,
  net: { kind: 'dense-net', depth: depth!, growthRate: growthRate! } satisfies Net,
}));

/** The paper's own set-up for images: its nets on CIFAR-10 (table 1) and CIFAR-100 (tables 2 and 3). */
export const paper: BanConfig = {
  parts: [
    ...[...wideResNets, ...denseNets].map(({ name, net }) => onCifar('cifar-10', name, net, ['teacher', 'ban'])),
    ...wideResNets.map(({ name, net }) => onCifar('cifar-100', name, net, ['teacher', 'ban'])),
    ...denseNets.map(({ name, net }) => onCifar('cifar-100', name, net, compared)),
  ],
};
