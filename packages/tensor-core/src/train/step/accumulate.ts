import * as tf from '@tensorflow/tfjs';
import { readScalar } from '../read-scalar.js';
import type { ComputedGradients } from './compute-gradients.js';

/** What the micro-batches of a step add up to. */
export interface Accumulated {
  readonly gradients: tf.NamedTensorMap;
  readonly loss: number;
  readonly losses?: Readonly<Record<string, number>>;
}

/** Adds up the gradients and losses of micro-batches, weighted by their examples: the mean over all examples. */
export class GradientAccumulator {
  #sums: tf.NamedTensorMap | null = null;
  #examples = 0;
  #loss = 0;
  #losses: Record<string, number> | null = null;

  /** Takes over the gradients: they are disposed here. */
  async add({ total, terms, gradients }: ComputedGradients, examples: number): Promise<void> {
    const sums = this.#sums;
    this.#sums = tf.tidy(() => {
      const next: tf.NamedTensorMap = {};
      // A pass may leave a variable out, where its loss does not depend on it.
      for (const [name, sum] of Object.entries(sums ?? {})) next[name] = tf.clone(sum);
      for (const [name, gradient] of Object.entries(gradients)) {
        const own = tf.mul(gradient, examples);
        next[name] = next[name] === undefined ? own : tf.add(next[name], own);
      }
      return next;
    });
    tf.dispose([gradients, sums ?? {}]);
    this.#examples += examples;
    this.#loss += examples * (await readScalar(total));
    total.dispose();
    for (const [name, term] of Object.entries(terms ?? {})) {
      this.#losses ??= {};
      this.#losses[name] = (this.#losses[name] ?? 0) + examples * (await readScalar(term));
      term.dispose();
    }
  }

  /** The means. The caller disposes the gradients; this object is empty then. */
  finish(): Accumulated {
    const sums = this.#sums ?? {};
    const examples = this.#examples;
    const gradients = tf.tidy(() =>
      Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, tf.div(sum, examples)] as const)),
    );
    this.dispose();
    const mean = (sum: number) => sum / examples;
    const losses = this.#losses && Object.entries(this.#losses).map(([name, sum]) => [name, mean(sum)] as const);
    return { gradients, loss: mean(this.#loss), ...(losses ? { losses: Object.fromEntries(losses) } : {}) };
  }

  dispose(): void {
    tf.dispose(this.#sums ?? {});
    this.#sums = null;
  }
}
