import { beforeAll, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs';
import { engineChanges, recordChanges } from './engine-changes.js';
import { repairedGradients } from './gradients/register.js';
import { useEngine } from './use-engine.js';

beforeAll(async () => {
  await useEngine({ log: () => {} });
});

it('names the gradients that useEngine repairs, those that were there and those that were not', () => {
  const { gradientsAdded, gradientsReplaced } = engineChanges();
  const names = [...gradientsAdded, ...gradientsReplaced];
  for (const { kernelName } of repairedGradients) expect(names).toContain(kernelName);
  expect(gradientsAdded).toContain('Einsum');
  expect(gradientsReplaced).toContain('Cumsum');
});

it('tells a kernel that is added from one in the place of another, and forgets neither', () => {
  const backendName = tf.getBackend();
  const added = { kernelName: 'ZZAdded', backendName, kernelFunc: () => tf.scalar(0) };
  const replaced = { ...tf.getKernel('Abs', backendName) };
  const stock = tf.getKernel('Abs', backendName);
  recordChanges(() => {
    tf.registerKernel(added);
    tf.unregisterKernel('Abs', backendName);
    tf.registerKernel(replaced);
  });
  recordChanges(() => {});
  const { kernelsAdded, kernelsReplaced } = engineChanges();
  tf.unregisterKernel('ZZAdded', backendName);
  tf.unregisterKernel('Abs', backendName);
  tf.registerKernel(stock);
  expect(kernelsAdded).toContain('ZZAdded');
  expect(kernelsAdded).not.toContain('Abs');
  expect(kernelsReplaced).toContain('Abs');
});
