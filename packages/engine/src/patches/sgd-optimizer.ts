import * as tf from '@tensorflow/tfjs';
import { type NamedGradients, servedGradients, updateVariables } from './optimizer-slots.js';
import type { Patch } from './patch.js';

/** What is used of tf.SGDOptimizer beside its public face. */
interface Sgd {
  learningRate: number;
  incrementIterations(): void;
}

/** `tf.train.sgd`: one kernel for all variables. */
export const sgdOptimizer: Patch = {
  name: 'tf.train.sgd',
  target: () => tf.SGDOptimizer.prototype,
  method: 'applyGradients',
  replace: (stock) =>
    function (this: Sgd, gradients: NamedGradients) {
      const named = servedGradients(gradients, 'TensorPapersSgd');
      if (!named) return stock.call(this, gradients);
      updateVariables('TensorPapersSgd', named, [], [this.learningRate, 1]);
      this.incrementIterations();
    },
};
