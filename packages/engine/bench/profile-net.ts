// Prints where the time of one training step goes: node … bench/profile-net.ts cnn-b64
import * as tf from '@tensorflow/tfjs';
import { useEngine } from '../src/index.js';
import { formatProfile, profile } from '../src/profile.js';
import { nets } from './nets.js';

const net = nets[process.argv[2] ?? 'cnn-b64']!;
await useEngine({ threads: Number(process.env.TENSOR_PAPERS_THREADS ?? 2), log: () => {} });
const model = net.build();
const optimizer = net.optimizer();
const x = tf.randomNormal([64, ...net.inputShape]);
const labels = tf.oneHot(tf.randomUniform([64], 0, 10, 'int32'), 10, 1, 0, 'float32');
const step = () => {
  const loss = optimizer.minimize(
    () => tf.losses.softmaxCrossEntropy(labels, model.apply(x, { training: true }) as tf.Tensor) as tf.Scalar,
    true,
  )!;
  loss.dataSync();
  loss.dispose();
};
for (let i = 0; i < 3; i++) step();
console.log(
  formatProfile(
    await profile(() => {
      for (let i = 0; i < Number(process.argv[3] ?? 10); i++) step();
    }),
  ),
);
