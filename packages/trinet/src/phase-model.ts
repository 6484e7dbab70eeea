import type { Trainable } from '@tensor-papers/tensor-core/train';
import type * as tf from '@tensorflow/tfjs';
import type { HeadNumber } from './heads.js';
import type { TriNet, TriNetMode } from './tri-net.js';

/** What of a net a phase trains, as `fit` sees it. */
export interface PhaseModel extends Trainable {
  /** All layers of the net, so that its dropout is part of checkpoints. */
  readonly layers: readonly tf.LayersModel[];
}

/** @internal Options of {@link headPhaseModel}. */
export interface PhaseModelOptions {
  /** Whether normalisation keeps its moving statistics as they are and uses them. */
  readonly freezeStatistics: boolean;
}

/** All of the net: logits `[B, 3, C]`. */
export function jointPhaseModel(net: TriNet, { freezeStatistics }: PhaseModelOptions): PhaseModel {
  const mode: TriNetMode = freezeStatistics ? 'stochastic' : 'training';
  return {
    layers: net.layers,
    trainableWeights: net.trainableWeights,
    weights: net.weights,
    apply: (x, { training }) => net.logits(x, { mode: training ? mode : 'inference' }),
  };
}

/**
 * One head: logits `[B, C]`. Head 1 trains the trunk as well; for heads 2 and 3 the trunk is frozen, its dropout is on, and its
 * normalisation uses the moving statistics.
 *
 * `weights` are those of the whole net all the same: checkpoints hold everything.
 */
export function headPhaseModel(net: TriNet, head: HeadNumber, { freezeStatistics }: PhaseModelOptions): PhaseModel {
  const trained = head === 1 ? [net.trunk, net.head(1)] : [net.head(head)];
  return {
    layers: net.layers,
    trainableWeights: trained.flatMap((model) => model.trainableWeights),
    weights: net.weights,
    apply: (x, { training }) => net.headLogits(x, head, { training, freezeStatistics }),
  };
}
