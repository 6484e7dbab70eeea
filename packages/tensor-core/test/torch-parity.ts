import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs';
import type { ModelFactory } from '../src/nn/model-factory.js';
import { formulaTensor, formulaValues, setFormulaWeights } from './formula-weights.js';
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
  readonly trainingLogits: readonly number[];
  /** Of each weight in PyTorch: the length of the gradient, and its component along the numbers of a formula. */
  readonly slopes: Readonly<Record<string, readonly [number, number]>>;
  /** How far PyTorch's own float32 is from these float64 slopes at worst, in lengths: deep down a ReLU may flip. */
  readonly singlePrecision: number;
}

const { cases } = JSON.parse(readFileSync(new URL('../fixtures/backbones.json', import.meta.url), 'utf8')) as {
  cases: Case[];
};

function expectClose(values: ArrayLike<number>, expected: readonly number[], tolerance = 2e-5): void {
  const scale = Math.max(...expected.map(Math.abs));
  expect(values.length).toBe(expected.length);
  expected.forEach((value, i) => {
    expect(Math.abs(values[i]! - value)).toBeLessThan(tolerance * scale);
  });
}

/** Tests a network against PyTorch for the same weights: embeddings, logits, and the gradient in training. */
export function itMatchesTorch(id: string, factory: ModelFactory, torchName: (name: string) => string): void {
  const expected = cases.find((one) => one.id === id)!;
  const { inputShape, classes } = expected;
  const shape = [2, ...inputShape];

  async function withModel(check: (model: tf.LayersModel, x: tf.Tensor) => void): Promise<void> {
    await expectNoLeak(() => {
      const model = withoutDraws(() => factory({ seed: 1, inputShape, classes }));
      setFormulaWeights(model, torchName);
      tf.tidy(() => check(model, tf.tensor(formulaValues('input', tf.util.sizeFromShape(shape)), shape)));
      model.dispose();
    });
  }

  it(`${id}: PyTorch's weights give PyTorch's outputs`, async () => {
    await withModel((model, x) => {
      const pooled = model.getLayer('head/pool').output as tf.SymbolicTensor;
      const both = tf.model({ inputs: model.inputs, outputs: [pooled, ...model.outputs] });
      const [embeddings, logits] = both.predict(x) as [tf.Tensor, tf.Tensor];
      expect(embeddings.shape).toEqual(expected.embeddingShape);
      expectClose(tf.slice(embeddings, [0, 0], [-1, 4]).dataSync(), expected.embeddingStart);
      expect(logits.shape).toEqual([2, classes]);
      expectClose(logits.dataSync(), expected.logits);
    });
  });

  it(`${id}: PyTorch's weights give PyTorch's gradients`, async () => {
    await withModel((model, x) => {
      const tolerance = 2e-3 + 2 * expected.singlePrecision;
      const cotangent = tf.tensor(formulaValues('cotangent', 2 * classes), [2, classes]);
      let logits: tf.Tensor | null = null;
      const loss = () => {
        logits = tf.keep(model.apply(x, { training: true }) as tf.Tensor);
        return tf.sum(tf.mul(logits, cotangent)) as tf.Scalar;
      };
      const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
      const { grads } = tf.variableGrads(loss, variables);
      expectClose(logits!.dataSync(), expected.trainingLogits, 1e-4);
      tf.dispose(logits!);
      expect(variables).toHaveLength(Object.keys(expected.slopes).length);
      model.trainableWeights.forEach((weight, k) => {
        const name = torchName(weight.originalName);
        const [length, component] = expected.slopes[name]!;
        const gradient = grads[variables[k]!.name]!;
        const direction = formulaTensor(`${name}/direction`, weight.shape as number[]);
        expect(length).toBeGreaterThan(0);
        expect(Math.abs(tf.norm(gradient).dataSync()[0]! / length - 1)).toBeLessThan(tolerance);
        const along = tf.sum(tf.mul(gradient, direction)).dataSync()[0]!;
        expect(Math.abs(along - component) / length).toBeLessThan(tolerance);
      });
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
