import { denseNet, type ModelFactory, smallCnn, wideResNet } from '@tensor-papers/tensor-core/nn';
import { adamW, cosine, multiStep, type Optimizer, type Schedule, sgd } from '@tensor-papers/tensor-core/train';
import type { Net, OptimizerSettings, Part } from './config.js';

/** The factory of a net that a configuration names. */
export function makeNet(net: Net): ModelFactory {
  switch (net.kind) {
    case 'small-cnn':
      return smallCnn(net);
    case 'wide-res-net':
      return wideResNet(net);
    case 'dense-net':
      return denseNet(net);
  }
}

export function makeOptimizer(settings: OptimizerSettings): Optimizer {
  return settings.kind === 'adam-w' ? adamW(settings) : sgd(settings);
}

export function makeSchedule({ schedule, optimizer: { learningRate } }: Part): Schedule {
  return schedule.kind === 'cosine' ? cosine({ learningRate }) : multiStep({ ...schedule, learningRate });
}
