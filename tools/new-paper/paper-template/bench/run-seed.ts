// REPLACE: what one seed trains and measures.
import { accuracy, negativeLogLikelihood, softmaxRows } from '@tensor-papers/numerics/metrics';
import { createRng } from '@tensor-papers/numerics/random';
import { mlp } from '@tensor-papers/tensor-core/nn';
import { adamW, predictLogits } from '@tensor-papers/tensor-core/train';
import type { SeedContext, SeedOutcome } from '@tensor-papers/workbench';
import { trainSmoothed } from '../src/index.js';
import { arms } from './arms.js';
import type { ExperimentConfig } from './config.js';
import { drawSplits } from './splits.js';

/** Trains and evaluates every arm of one seed: the same images, initial weights and order of batches, so that arms compare in pairs. */
export async function runSeed({ seed, config, signal, progress }: SeedContext<ExperimentConfig>): Promise<SeedOutcome> {
  const rng = createRng(seed);
  const { train, test } = await drawSplits(config, rng.stream('splits'), signal);
  const outcome: SeedOutcome['arms'] = {};
  for (const [index, arm] of config.arms.entries()) {
    const run = await trainSmoothed({
      makeModel: mlp({ hidden: config.hidden }),
      data: train,
      seed: rng.stream('training').seed(),
      epochs: config.epochs,
      batchSize: config.batchSize,
      optimizer: () => adamW({ learningRate: config.learningRate }),
      smoothing: arms[arm].smoothing,
      signal,
      on: { epoch: ({ epoch }) => progress((index + (epoch + 1) / config.epochs) / config.arms.length, arm) },
    });
    try {
      signal.throwIfAborted();
      outcome[arm] = evaluateLogits(await predictLogits(run.model, test), test.labels, test.classNames.length);
    } finally {
      run.dispose();
    }
  }
  const { id, sha256, licence, citation } = train.source;
  return { arms: outcome, data: [{ id, sha256, licence, citation }] };
}

/** What every arm reports: percentages 0 … 100, likelihoods in nats. */
export function evaluateLogits(logits: Float32Array, labels: Int32Array, classes: number): Record<string, number> {
  const probabilities = softmaxRows(logits, classes);
  let largest = 0;
  for (let row = 0; row < labels.length; row++) {
    largest += Math.max(...probabilities.subarray(row * classes, (row + 1) * classes));
  }
  return {
    'test-accuracy': 100 * accuracy(logits, labels, classes),
    'test-confidence': (100 * largest) / labels.length,
    'test-nll': negativeLogLikelihood(logits, labels, classes),
  };
}
