import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs';
import { type AdamOptions, adam } from './adam.js';
import { type AdamWOptions, adamW } from './adam-w.js';
import type { Optimizer } from './optimizer.js';
import { type RmsPropOptions, rmsProp } from './rms-prop.js';
import { type SgdOptions, sgd } from './sgd.js';

interface Values {
  readonly shape: number[];
  readonly values: number[];
}

interface Reference {
  readonly learningRateFactors: readonly number[];
  readonly x: Values;
  readonly target: Values;
  readonly parameters: readonly (Values & { readonly name: string })[];
  readonly cases: readonly {
    readonly name: string;
    readonly optimizer: keyof typeof makers;
    readonly options: SgdOptions & AdamOptions & RmsPropOptions & AdamWOptions;
    readonly headFactor: number;
    readonly steps: readonly { readonly loss: number; readonly parameters: Readonly<Record<string, number[]>> }[];
  }[];
}

const makers = { sgd, adam, adamW, rmsProp };
const reference = JSON.parse(
  readFileSync(join(__dirname, '..', '..', '..', 'fixtures', 'optimizers.json'), 'utf8'),
) as Reference;

const tensorOf = ({ values, shape }: Values) => tf.tensor(values, shape);

afterEach(() => tf.disposeVariables());

describe("PyTorch's trajectories (float64)", () => {
  it.each(reference.cases.map((each) => [each.name, each] as const))(
    '%s',
    (_, { optimizer, options, headFactor, steps }) => {
      const variables = reference.parameters.map((each) => tf.tidy(() => tf.variable(tensorOf(each))));
      const head = { variables: variables.slice(2), learningRateFactor: headFactor };
      const made: Optimizer = makers[optimizer]({ ...options, ...(headFactor === 1 ? {} : { groups: [head] }) });
      const x = tensorOf(reference.x);
      const target = tensorOf(reference.target);
      const forward = () => {
        const [w1, b1, w2, b2] = variables as unknown as tf.Tensor[];
        const hidden = tf.tanh(tf.add(tf.matMul(x as tf.Tensor2D, w1 as tf.Tensor2D), b1!));
        const output = tf.add(tf.matMul(hidden as tf.Tensor2D, w2 as tf.Tensor2D), b2!);
        return tf.mean(tf.squaredDifference(output, target)) as tf.Scalar;
      };
      steps.forEach(({ loss, parameters }, t) => {
        const { value, grads } = tf.variableGrads(forward, variables);
        expect(Math.abs(value.dataSync()[0]! - loss)).toBeLessThan(2e-6);
        made.apply(variables, grads, options.learningRate * reference.learningRateFactors[t]!);
        tf.dispose([value, grads]);
        variables.forEach((variable, k) => {
          const expected = parameters[reference.parameters[k]!.name]!;
          variable.dataSync().forEach((got, i) => {
            expect(Math.abs(got - expected[i]!)).toBeLessThan(3e-6 * Math.max(1, Math.abs(expected[i]!)));
          });
        });
      });
      made.dispose();
      tf.dispose([x, target]);
    },
  );
});
