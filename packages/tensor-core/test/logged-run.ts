import { mlp } from '../src/nn/backbones/mlp.js';
import { batches } from '../src/train/batches.js';
import { fit } from '../src/train/fit.js';
import type { TrainLogSink } from '../src/train/log/train-log.js';
import { sgd } from '../src/train/optimizers/sgd.js';
import { syntheticData } from './synthetic-data.js';
import { crossEntropy } from './tensors.js';

/** Two epochs of three steps each, four examples a step, 111 parameters. */
export async function loggedRun(sinks: readonly TrainLogSink[], learningRate = 0.1): Promise<void> {
  const data = syntheticData({ length: 12 });
  const model = mlp({ hidden: [] })({ seed: 1, inputShape: data.shape, classes: 3 });
  const optimizer = sgd({ learningRate });
  try {
    await fit({
      model,
      batches: (epoch) => batches(data, { batchSize: 4, epoch }),
      epochs: 2,
      optimizer,
      loss: (logits, { y }) => crossEntropy(logits, y!),
      sinks,
    });
  } finally {
    optimizer.dispose();
    model.dispose();
  }
}
