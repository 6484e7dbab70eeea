import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createRng } from '@tensor-papers/numerics/random';
import * as tf from '@tensorflow/tfjs';
import { type ReferenceGradients, referenceAdamW, referenceSgd } from '../../../test/reference-optimizers.js';
import { expectNoLeak, normalTensor } from '../../../test/tensors.js';
import { OptimizerVariablesError, TrainOptionError } from '../errors.js';
import { type AdamWOptions, adamW } from './adam-w.js';
import type { Optimizer } from './optimizer.js';
import { type SgdOptions, sgd } from './sgd.js';

/** Two matrices, two vectors (which share a block) and a scalar. */
const SHAPES = [[3, 2], [4], [2, 1, 2], [3], []];
const RATES = [0.1, 0.1, 0.05, 0.2, 0, 0.1];

let variables: tf.Variable[];
let initial: number[][];
let gradients: number[][][];

beforeEach(() => {
  const rng = createRng(11);
  variables = SHAPES.map((shape, k) => {
    const values = normalTensor(shape, rng.stream('weights').stream(k));
    const variable = tf.variable(values);
    values.dispose();
    return variable;
  });
  initial = variables.map((variable) => Array.from(variable.dataSync()));
  const noise = rng.stream('gradients');
  gradients = RATES.map(() => initial.map((values) => values.map(() => Math.fround(noise.normal()))));
});

afterEach(() => tf.dispose(variables));

function run(optimizer: Optimizer): number[][] {
  gradients.forEach((step, t) => {
    const tensors = step.map((values, k) => tf.tensor(values, SHAPES[k]!));
    optimizer.apply(variables, tensors, RATES[t]);
    tf.dispose(tensors);
  });
  optimizer.dispose();
  return variables.map((variable) => Array.from(variable.dataSync()));
}

function expectClose(got: number[][], expected: readonly (readonly number[])[]): void {
  got.forEach((values, k) => {
    values.forEach((value, i) => {
      expect(Math.abs(value - expected[k]![i]!)).toBeLessThan(2e-6 * Math.max(1, Math.abs(expected[k]![i]!)));
    });
  });
}

const parametersOf = (decayBiases: boolean) =>
  initial.map((values, k) => ({ values: [...values], decays: decayBiases || SHAPES[k]!.length > 1 }));

describe('sgd', () => {
  const cases: [string, Omit<SgdOptions, 'learningRate'>][] = [
    ['plain', {}],
    ['with momentum', { momentum: 0.9 }],
    ['with Nesterov momentum', { momentum: 0.9, nesterov: true }],
    ['with coupled decay', { weightDecay: 0.3 }],
    ['with decoupled decay', { weightDecay: 0.3, decay: 'decoupled' }],
    ['Nesterov with coupled decay', { momentum: 0.8, nesterov: true, weightDecay: 0.3 }],
    ['Nesterov with decoupled decay', { momentum: 0.8, nesterov: true, weightDecay: 0.3, decay: 'decoupled' }],
    ['momentum with decay of biases too', { momentum: 0.8, weightDecay: 0.3, decayBiases: true }],
    ['decoupled decay of biases too', { momentum: 0.8, weightDecay: 0.3, decay: 'decoupled', decayBiases: true }],
  ];
  it.each(cases)('%s follows the definition, number by number', (_, options) => {
    const parameters = parametersOf(options.decayBiases ?? false);
    const { momentum = 0, nesterov = false, weightDecay = 0 } = options;
    const reference = { momentum, nesterov, weightDecay, decoupled: options.decay === 'decoupled' };
    referenceSgd(parameters, gradients as ReferenceGradients[], RATES, reference);
    expectClose(
      run(sgd({ learningRate: 1, ...options })),
      parameters.map(({ values }) => values),
    );
  });

  it.each<[string, SgdOptions]>([
    ['a negative learning rate', { learningRate: -1 }],
    ['a learning rate that is no number', { learningRate: Number.NaN }],
    ['a momentum of 1', { learningRate: 1, momentum: 1 }],
    ['a negative decay', { learningRate: 1, weightDecay: -0.1 }],
    ['Nesterov without momentum', { learningRate: 1, nesterov: true }],
    ['an unknown kind of decay', { learningRate: 1, decay: 'l2' as 'coupled' }],
  ])('refuses %s', (_, options) => {
    expect(() => sgd(options)).toThrow(TrainOptionError);
  });
});

describe('adamW', () => {
  const cases: [string, Omit<AdamWOptions, 'learningRate'>][] = [
    ['with its defaults', {}],
    ['as Adam', { weightDecay: 0 }],
    ['with other moments', { beta1: 0.5, beta2: 0.9, epsilon: 1e-3, weightDecay: 0.2 }],
    ['with decay of biases too', { weightDecay: 0.2, decayBiases: true }],
    ['without first moment', { beta1: 0, weightDecay: 0.1 }],
  ];
  it.each(cases)('%s follows the definition, number by number', (_, options) => {
    const parameters = parametersOf(options.decayBiases ?? false);
    const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0.01 } = options;
    const reference = { beta1, beta2, epsilon, weightDecay };
    referenceAdamW(parameters, gradients as ReferenceGradients[], RATES, reference);
    expectClose(
      run(adamW({ learningRate: 1, ...options })),
      parameters.map(({ values }) => values),
    );
  });

  it('decays beside the gradient: a weight without gradient shrinks by ηλ, a bias stays', () => {
    const optimizer = adamW({ learningRate: 0.1, weightDecay: 0.5 });
    optimizer.apply(variables, {});
    optimizer.dispose();
    variables.forEach((variable, k) => {
      const factor = SHAPES[k]!.length > 1 ? 1 - 0.1 * 0.5 : 1;
      expectClose([Array.from(variable.dataSync())], [initial[k]!.map((value) => value * factor)]);
    });
  });

  it.each<[string, AdamWOptions]>([
    ['a negative learning rate', { learningRate: -1 }],
    ['beta1 of 1', { learningRate: 1, beta1: 1 }],
    ['a negative beta2', { learningRate: 1, beta2: -0.1 }],
    ['an epsilon of 0', { learningRate: 1, epsilon: 0 }],
    ['a negative decay', { learningRate: 1, weightDecay: -0.1 }],
  ])('refuses %s', (_, options) => {
    expect(() => adamW(options)).toThrow(TrainOptionError);
  });
});

describe('every optimiser', () => {
  const makers: [string, (learningRate: number) => Optimizer][] = [
    ['sgd', (learningRate) => sgd({ learningRate, momentum: 0.9, nesterov: true })],
    ['adamW', (learningRate) => adamW({ learningRate })],
  ];

  it.each(makers)('%s takes gradients by name as well, and missing ones for 0', (_, make) => {
    const tensors = gradients[0]!.map((values, k) => tf.tensor(values, SHAPES[k]!));
    const named = Object.fromEntries(variables.map((variable, k) => [variable.name, tensors[k]!]));
    delete named[variables[1]!.name];
    const byName = make(0.1);
    byName.apply(variables, named);
    const results = variables.map((variable) => Array.from(variable.dataSync()));
    variables.forEach((variable, k) => {
      tf.tidy(() => variable.assign(tf.tensor(initial[k]!, SHAPES[k]!)));
    });
    const byPosition = make(0.1);
    byPosition.apply(variables, [tensors[0]!, tf.zeros([4]), ...tensors.slice(2)]);
    expect(variables.map((variable) => Array.from(variable.dataSync()))).toEqual(results);
    expect(results[1]).toEqual(initial[1]);
    expect(results[3]).not.toEqual(initial[3]);
    byName.dispose();
    byPosition[Symbol.dispose]();
    tf.dispose(tensors);
  });

  it.each(makers)('%s uses its own learning rate by default, and counts its steps', (_, make) => {
    const optimizer = make(0.25);
    expect([optimizer.learningRate, optimizer.steps]).toEqual([0.25, 0]);
    const tensors = gradients[0]!.map((values, k) => tf.tensor(values, SHAPES[k]!));
    optimizer.apply(variables, tensors);
    expect(optimizer.steps).toBe(1);
    const own = variables.map((variable) => Array.from(variable.dataSync()));
    optimizer.dispose();
    expect(optimizer.steps).toBe(0);
    variables.forEach((variable, k) => {
      tf.tidy(() => variable.assign(tf.tensor(initial[k]!, SHAPES[k]!)));
    });
    optimizer.apply(variables, tensors, 0.25);
    expect(variables.map((variable) => Array.from(variable.dataSync()))).toEqual(own);
    optimizer.dispose();
    tf.dispose(tensors);
  });

  it.each(makers)('%s keeps as many tensors from step to step, and none after dispose', async (_, make) => {
    await expectNoLeak(() => {
      const optimizer = make(0.1);
      optimizer.apply(variables, {});
      const kept = tf.memory().numTensors;
      for (let step = 0; step < 3; step++) optimizer.apply(variables, {});
      expect(tf.memory().numTensors).toBe(kept);
      optimizer.dispose();
    });
  });

  it.each(makers)('%s refuses other variables and gradients of other shapes, and stays usable', async (_, make) => {
    await expectNoLeak(() => {
      const optimizer = make(0.1);
      optimizer.apply(variables, {});
      const values = () => variables.map((variable) => Array.from(variable.dataSync()));
      const before = values();
      expect(() => optimizer.apply(variables.slice(1), {})).toThrow(OptimizerVariablesError);
      expect(() => optimizer.apply([...variables].reverse(), {})).toThrow(OptimizerVariablesError);
      expect(() => optimizer.apply(variables, [undefined])).toThrow('expected 5 gradients, got 1');
      const wrong = tf.zeros([2, 3]);
      expect(() => optimizer.apply(variables, { [variables[0]!.name]: wrong })).toThrow(
        /expected shape \[3, 2\], got \[2, 3\]/,
      );
      expect(() => optimizer.apply(variables, {}, Number.NaN)).toThrow(TrainOptionError);
      expect(values()).toEqual(before);
      expect(optimizer.steps).toBe(1);
      optimizer.apply(variables, {});
      wrong.dispose();
      optimizer.dispose();
    });
  });
});
