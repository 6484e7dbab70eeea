import * as tf from '@tensorflow/tfjs';
import {
  type NamedGradients,
  type OptimizerSlot,
  servedGradients,
  slotOf,
  updateVariables,
} from './optimizer-slots.js';
import type { Patch } from './patch.js';

/** What is used of tf.MomentumOptimizer beside its public face. */
interface Momentum {
  learningRate: number;
  momentum: number;
  useNesterov: boolean;
  accumulations: OptimizerSlot[];
  incrementIterations(): void;
}

/** `tf.train.momentum`, with and without Nesterov: one kernel for all variables. Same state as the stock optimiser's. */
export const momentumOptimizer: Patch = {
  name: 'tf.train.momentum',
  target: () => tf.MomentumOptimizer.prototype,
  method: 'applyGradients',
  replace: (stock) =>
    function (this: Momentum, gradients: NamedGradients) {
      const named = servedGradients(gradients, 'TensorPapersMomentum');
      if (!named) return stock.call(this, gradients);
      const settings = [this.momentum, this.learningRate, 1, this.useNesterov ? 1 : 0];
      const accumulations = named.map((each, i) => slotOf(this.accumulations, i, 'momentum', each));
      updateVariables('TensorPapersMomentum', named, [accumulations], settings);
      this.incrementIterations();
    },
};
