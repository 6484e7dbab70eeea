import * as tf from '@tensorflow/tfjs';
import {
  type NamedGradients,
  type OptimizerSlot,
  servedGradients,
  slotOf,
  updateVariables,
} from './optimizer-slots.js';
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

/** Multiplies the variable by β as the stock kernel would, in float32. */
function decay(variable: tf.Variable, beta: number): void {
  const product = Math.fround(variable.dataSync()[0]! * Math.fround(beta));
  tf.tidy(() => variable.assign(tf.scalar(product)));
}

/** `tf.train.adam`: one kernel for all variables in place of a dozen for each. Same state, so saving and loading go on working. */
export const adamOptimizer: Patch = {
  name: 'tf.train.adam',
  target: () => tf.AdamOptimizer.prototype,
  method: 'applyGradients',
  replace: (stock) =>
    function (this: Adam, gradients: NamedGradients) {
      const named = servedGradients(gradients, 'TensorPapersAdam');
      if (!named) return stock.call(this, gradients);
      const correction1 = 1 - this.accBeta1.dataSync()[0]!;
      const correction2 = Math.sqrt(1 - this.accBeta2.dataSync()[0]!);
      // √(v/c²) + ε = (√v + cε)/c: both corrections move into the settings.
      const rate = (this.learningRate * correction2) / correction1;
      const first = named.map((each, i) => slotOf(this.accumulatedFirstMoment, i, 'm', each));
      const second = named.map((each, i) => slotOf(this.accumulatedSecondMoment, i, 'v', each));
      const settings = [this.beta1, this.beta2, rate, this.epsilon * correction2, 1];
      updateVariables('TensorPapersAdam', named, [first, second], settings);
      decay(this.accBeta1, this.beta1);
      decay(this.accBeta2, this.beta2);
      this.incrementIterations();
    },
};
