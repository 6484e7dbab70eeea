import * as tf from '@tensorflow/tfjs';
import { isFloat32, type NamedGradients, namedGradients, type OptimizerSlot, slotOf } from './optimizer-slots.js';
import type { Patch } from './patch.js';

/** What is used of tf.MomentumOptimizer beside its public face. */
interface Momentum {
  learningRate: number;
  momentum: number;
  useNesterov: boolean;
  accumulations: OptimizerSlot[];
  incrementIterations(): void;
}

/** `tf.train.momentum`, with and without Nesterov: one kernel for each variable. Same state as the stock optimiser's. */
export const momentumOptimizer: Patch = {
  name: 'tf.train.momentum',
  target: () => tf.MomentumOptimizer.prototype,
  method: 'applyGradients',
  replace: (stock) =>
    function (this: Momentum, gradients: NamedGradients) {
      const named = namedGradients(gradients);
      if (!tf.getKernel('TensorPapersMomentum', tf.getBackend()) || !named.every(isFloat32)) {
        return stock.call(this, gradients);
      }
      tf.tidy(() => {
        const settings = tf.tensor1d([this.momentum, this.learningRate, 1, this.useNesterov ? 1 : 0]);
        named.forEach(({ name, variable, gradient }, i) => {
          const accumulation = slotOf(this.accumulations, i, `${name}/momentum`, variable);
          if (!gradient) return;
          const [w, a] = tf.engine().runKernel('TensorPapersMomentum', {
            w: variable,
            a: accumulation,
            g: gradient,
            settings,
          }) as unknown as tf.Tensor[];
          variable.assign(w!);
          accumulation.assign(a!);
        });
      });
      this.incrementIterations();
    },
};
