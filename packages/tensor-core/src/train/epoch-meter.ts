import type { EpochLog, StepLog } from './log/train-log.js';

/** What an epoch has added up so far. Plain JSON. */
export interface EpochSums {
  readonly steps: number;
  readonly examples: number;
  readonly loss: number;
  readonly losses: Readonly<Record<string, number>> | null;
  readonly learningRate: number;
  readonly seconds: number;
}

const NOTHING: EpochSums = { steps: 0, examples: 0, loss: 0, losses: null, learningRate: 0, seconds: 0 };

/** Adds up an epoch. */
export class EpochMeter {
  readonly #epoch: number;
  readonly #start = performance.now();
  readonly #secondsBefore: number;
  #steps: number;
  #examples: number;
  #loss: number;
  #losses: Record<string, number> | null;
  #learningRate: number;

  /** @param before what a resumed epoch had added up when it was saved */
  constructor(epoch: number, before: EpochSums = NOTHING) {
    this.#epoch = epoch;
    this.#secondsBefore = before.seconds;
    this.#steps = before.steps;
    this.#examples = before.examples;
    this.#loss = before.loss;
    this.#losses = before.losses === null ? null : { ...before.losses };
    this.#learningRate = before.learningRate;
  }

  get steps(): number {
    return this.#steps;
  }

  add({ examples, loss, losses, learningRate }: StepLog): void {
    this.#steps += 1;
    this.#examples += examples;
    this.#loss += loss * examples;
    this.#learningRate = learningRate;
    if (losses === undefined) return;
    this.#losses ??= {};
    for (const [name, value] of Object.entries(losses)) {
      this.#losses[name] = (this.#losses[name] ?? 0) + value * examples;
    }
  }

  sums(): EpochSums {
    return {
      steps: this.#steps,
      examples: this.#examples,
      loss: this.#loss,
      losses: this.#losses === null ? null : { ...this.#losses },
      learningRate: this.#learningRate,
      seconds: this.#secondsBefore + (performance.now() - this.#start) / 1000,
    };
  }

  finish(tensors: number): EpochLog {
    const { steps, examples, loss, losses, learningRate, seconds } = this.sums();
    return {
      epoch: this.#epoch,
      steps,
      examples,
      loss: loss / examples,
      ...(losses === null
        ? {}
        : { losses: Object.fromEntries(Object.entries(losses).map(([name, sum]) => [name, sum / examples])) }),
      learningRate,
      seconds,
      examplesPerSecond: examples / seconds,
      tensors,
    };
  }
}
