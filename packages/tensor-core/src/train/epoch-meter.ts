import type { EpochLog, StepLog } from './log/train-log.js';

/** Adds up an epoch. */
export class EpochMeter {
  steps = 0;
  readonly #epoch: number;
  readonly #start = performance.now();
  #examples = 0;
  #loss = 0;
  #losses: Record<string, number> | null = null;
  #learningRate = 0;

  constructor(epoch: number) {
    this.#epoch = epoch;
  }

  add({ examples, loss, losses, learningRate }: StepLog): void {
    this.steps += 1;
    this.#examples += examples;
    this.#loss += loss * examples;
    this.#learningRate = learningRate;
    if (losses === undefined) return;
    this.#losses ??= {};
    for (const [name, value] of Object.entries(losses)) {
      this.#losses[name] = (this.#losses[name] ?? 0) + value * examples;
    }
  }

  finish(tensors: number): EpochLog {
    const seconds = (performance.now() - this.#start) / 1000;
    const mean = (sum: number) => sum / this.#examples;
    return {
      epoch: this.#epoch,
      steps: this.steps,
      examples: this.#examples,
      loss: mean(this.#loss),
      ...(this.#losses === null
        ? {}
        : { losses: Object.fromEntries(Object.entries(this.#losses).map(([name, sum]) => [name, mean(sum)])) }),
      learningRate: this.#learningRate,
      seconds,
      examplesPerSecond: this.#examples / seconds,
      tensors,
    };
  }
}
