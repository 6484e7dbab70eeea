import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs';
import type { ModelFactory } from '../src/nn/model-factory.js';
import { formulaValues, setFormulaWeights } from './formula-weights.js';
import { expectNoLeak } from './tensors.js';
import { withoutDraws } from './without-draws.js';

interface Case {
  readonly id: string;
  readonly inputShape: readonly number[];
  readonly classes: number;
  readonly embeddingShape: readonly number[];
  /** The first four values of each embedding. */
  readonly embeddingStart: readonly number[];
  readonly logits: readonly number[];
}

const { cases } = JSON.parse(readFileSync(new URL('../fixtures/backbones.json', import.meta.url), 'utf8')) as {
  cases: Case[];
};

function expectClose(values: ArrayLike<number>, expected: readonly number[]): void {
  const scale = Math.max(...expected.map(Math.abs));
  expect(values.length).toBe(expected.length);
  expected.forEach((value, i) => {
    expect(Math.abs(values[i]! - value)).toBeLessThan(2e-5 * scale);
  });
}

/** Tests logits and pooled embeddings of a network against those of PyTorch for the same weights. */
export function itMatchesTorch(id: string, factory: ModelFactory, torchName: (name: string) => string): void {
  it(`${id}: PyTorch's weights give PyTorch's outputs`, async () => {
    const { inputShape, classes, embeddingShape, embeddingStart, logits } = cases.find((one) => one.id === id)!;
    await expectNoLeak(() => {
      const model = withoutDraws(() => factory({ seed: 1, inputShape, classes }));
      setFormulaWeights(model, torchName);
      const pooled = model.getLayer('head/pool').output as tf.SymbolicTensor;
      const both = tf.model({ inputs: model.inputs, outputs: [pooled, ...model.outputs] });
      tf.tidy(() => {
        const shape = [2, ...inputShape];
        const x = tf.tensor(formulaValues('input', tf.util.sizeFromShape(shape)), shape);
        const [embeddings, outputs] = both.predict(x) as [tf.Tensor, tf.Tensor];
        expect(embeddings.shape).toEqual(embeddingShape);
        expectClose(tf.slice(embeddings, [0, 0], [-1, 4]).dataSync(), embeddingStart);
        expect(outputs.shape).toEqual([2, classes]);
        expectClose(outputs.dataSync(), logits);
      });
      model.dispose();
    });
  });
}

/** PyTorch's name of a weight of batch normalisation, a kernel or a bias. */
export function torchWeight(name: string): string {
  const names: Record<string, string> = {
    kernel: 'weight',
    gamma: 'weight',
    beta: 'bias',
    moving_mean: 'running_mean',
    moving_variance: 'running_var',
  };
  return names[name] ?? name;
}
