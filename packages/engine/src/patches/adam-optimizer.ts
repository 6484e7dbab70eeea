import * as tf from '@tensorflow/tfjs';
import { isFloat32, type NamedGradients, namedGradients, type OptimizerSlot, slotOf } from './optimizer-slots.js';
import type { Patch } from './patch.js';

/** What is used of tf.AdamOptimizer beside its public face. */
interface Adam {
  learningRate: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  accBeta1: tf.Variable;
  accBeta2: tf.Variable;
  accumulatedFirstMoment: OptimizerSlot[];
  accumulatedSecondMoment: OptimizerSlot[];
  incrementIterations(): void;
}

/** `tf.train.adam`: one kernel for each variable in place of about a dozen. Same state, so saving and loading go on working. */
export const adamOptimizer: Patch = {
  name: 'tf.train.adam',
  target: () => tf.AdamOptimizer.prototype,
  method: 'applyGradients',
  replace: (stock) =>
    function (this: Adam, gradients: NamedGradients) {
      const named = namedGradients(gradients);
      if (!tf.getKernel('TensorPapersAdam', tf.getBackend()) || !named.every(isFloat32))
        return stock.call(this, gradients);
      tf.tidy(() => {
        const correction1 = 1 - this.accBeta1.dataSync()[0]!;
        const correction2 = Math.sqrt(1 - this.accBeta2.dataSync()[0]!);
        // √(v/c²) + ε = (√v + cε)/c: both corrections move into the settings.
        const rate = (this.learningRate * correction2) / correction1;
        const settings = tf.tensor1d([this.beta1, this.beta2, rate, this.epsilon * correction2, 1]);
        named.forEach(({ name, variable, gradient }, i) => {
          const first = slotOf(this.accumulatedFirstMoment, i, `${name}/m`, variable);
          const second = slotOf(this.accumulatedSecondMoment, i, `${name}/v`, variable);
          if (!gradient) return;
          const [w, m, v] = tf.engine().runKernel('TensorPapersAdam', {
            w: variable,
            m: first,
            v: second,
            g: gradient,
            settings,
          }) as unknown as tf.Tensor[];
          variable.assign(w!);
          first.assign(m!);
          second.assign(v!);
        });
        this.accBeta1.assign(tf.mul(this.accBeta1, this.beta1));
        this.accBeta2.assign(tf.mul(this.accBeta2, this.beta2));
      });
      this.incrementIterations();
    },
};
