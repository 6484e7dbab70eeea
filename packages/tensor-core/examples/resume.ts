import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRng, type Rng } from '@tensor-papers/numerics/random';
import { mlp } from '@tensor-papers/tensor-core/nn';
import { adamW, cosine, Ema, fit } from '@tensor-papers/tensor-core/train';
import { checkpointFolder } from '@tensor-papers/tensor-core/train/node';
import * as tf from '@tensorflow/tfjs';

/** Ten batches of noise. */
function* inputs(noise: Rng) {
  for (let batch = 0; batch < 10; batch++) {
    const values = Float32Array.from({ length: 128 }, () => noise.normal());
    yield { x: tf.tensor2d(values, [32, 4]) };
  }
}

/** A regression that may be stopped after some steps, and goes on where the folder's checkpoint stands. */
async function train(folder: string, stopAfter = Number.POSITIVE_INFINITY): Promise<string> {
  const model = mlp({ hidden: [16], dropout: 0.2 })({ seed: 1, inputShape: [4], classes: 1 });
  const optimizer = adamW({ learningRate: 0.01 });
  const ema = new Ema(model, { decay: 0.99, warmUp: true });
  const noise = createRng(1).stream('noise');
  const stop = new AbortController();
  const { steps, best } = await fit({
    model,
    optimizer,
    ema,
    batches: () => inputs(noise),
    epochs: 5,
    stepsPerEpoch: 10,
    schedule: cosine({ learningRate: 0.01 }),
    clipNorm: 1,
    loss: (y, { x }) => tf.losses.meanSquaredError(tf.sum(x, 1, true), y),
    monitor: { metric: 'loss', mode: 'min' },
    earlyStopping: { patience: 3 },
    // The batches draw from `noise` in passing, so its place is saved too.
    checkpoint: { store: checkpointFolder(folder), everySteps: 4, keepBest: true, random: { noise } },
    resume: 'auto',
    signal: stop.signal,
    on: { step: ({ step }) => (step + 1 === stopAfter ? stop.abort() : undefined) },
  });
  ema.swap();
  const average = model.getWeights().map((weight) => weight.dataSync().join());
  model.dispose();
  ema.dispose();
  optimizer.dispose();
  return `${steps} steps, best epoch ${best?.epoch ?? 'none'}, averaged weights ${average.join()}`;
}

const folder = mkdtempSync(join(tmpdir(), 'resume-'));
const whole = await train(join(folder, 'whole'));
const stopped = await train(join(folder, 'stopped'), 23);
const resumed = await train(join(folder, 'stopped'));
console.log(stopped.split(',')[0], 'then', resumed.split(',')[0]);
console.log(whole === resumed);
rmSync(folder, { recursive: true });
