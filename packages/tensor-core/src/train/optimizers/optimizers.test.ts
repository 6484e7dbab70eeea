import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createRng } from '@tensor-papers/numerics/random';
import * as tf from '@tensorflow/tfjs';
import { type ReferenceGradients, referenceAdamW, referenceSgd } from '../../../test/reference-optimizers.js';
import { expectNoLeak, normalTensor } from '../../../test/tensors.js';
import { CheckpointPartError } from '../checkpoint/errors.js';
import { OptimizerVariablesError, TrainOptionError } from '../errors.js';
import { type AdamWOptions, adamW } from './adam-w.js';
import type { Optimizer } from './optimizer.js';
import { noDecayOnBiasesAndNorms } from './parameter-groups.js';
import { type RmsPropOptions, rmsProp } from './rms-prop.js';
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

describe('rmsProp', () => {
  it('stays finite where the centred variance rounds below 0', () => {
    const optimizer = rmsProp({ learningRate: 0.1, centred: true, alpha: 0.5 });
    const same = variables.map(({ shape }) => tf.fill(shape, 1 / 3));
    for (let step = 0; step < 60; step++) optimizer.apply(variables, same);
    expect(variables.every((variable) => variable.dataSync().every(Number.isFinite))).toBe(true);
    optimizer.dispose();
    tf.dispose(same);
  });

  it.each<[string, RmsPropOptions]>([
    ['alpha of 1', { learningRate: 1, alpha: 1 }],
    ['an epsilon of 0', { learningRate: 1, epsilon: 0 }],
    ['a momentum of 1', { learningRate: 1, momentum: 1 }],
    ['a negative decay', { learningRate: 1, weightDecay: -1 }],
  ])('refuses %s', (_, options) => {
    expect(() => rmsProp(options)).toThrow(TrainOptionError);
  });
});

describe('every optimiser', () => {
  const makers: [string, (learningRate: number) => Optimizer][] = [
    ['sgd', (learningRate) => sgd({ learningRate, momentum: 0.9, nesterov: true })],
    ['sgd without momentum', (learningRate) => sgd({ learningRate })],
    ['adamW', (learningRate) => adamW({ learningRate })],
    ['rmsProp', (learningRate) => rmsProp({ learningRate, centred: true, momentum: 0.5 })],
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

  it.each(makers)('%s goes on to the bit in a copy that was given its state', async (_, make) => {
    const original = make(0.1);
    const step = (optimizer: Optimizer, t: number) => {
      const tensors = gradients[t]!.map((values, k) => tf.tensor(values, SHAPES[k]!));
      optimizer.apply(variables, tensors);
      tf.dispose(tensors);
    };
    const values = () => variables.map((variable) => Array.from(variable.dataSync()));
    step(original, 0);
    step(original, 1);
    const [state, before] = [await original.capture(), values()];
    step(original, 2);
    const expected = values();
    const reset = () =>
      tf.tidy(() => {
        for (const [k, variable] of variables.entries()) variable.assign(tf.tensor(before[k]!, SHAPES[k]!));
      });
    await expectNoLeak(() => {
      for (const taken of [0, 1]) {
        const copy = make(0.1);
        if (taken > 0) step(copy, 3);
        reset();
        copy.prepareRestore({ ...state, values: JSON.parse(JSON.stringify(state.values)) }, variables)();
        expect(copy.steps).toBe(2);
        step(copy, 2);
        expect(values()).toEqual(expected);
        copy.dispose();
      }
    });
    original.dispose();
  });

  it.each(makers)('%s gives and takes the state of no step at all', async (_, make) => {
    const fresh = make(0.1);
    const state = await fresh.capture();
    expect(state.tensors).toEqual({});
    fresh.apply(variables, {});
    fresh.prepareRestore(state, variables)();
    expect(fresh.steps).toBe(0);
    fresh.dispose();
  });

  it('refuses the state of another optimiser and of other variables, and stays as it is', async () => {
    const [first, second] = [adamW({ learningRate: 0.1 }), sgd({ learningRate: 0.1, momentum: 0.9 })];
    first.apply(variables, {});
    second.apply(variables, {});
    const state = await first.capture();
    expect(() => second.prepareRestore(state, variables)).toThrow(
      /expected the state of the optimiser sgd with \[velocity\], got adam with \[first-moment, second-moment\]/,
    );
    expect(() => first.prepareRestore(state, [...variables].reverse())).toThrow(
      /slot first-moment of .*: expected float32 \[\], got float32 \[3, 2\]/,
    );
    expect(() => first.prepareRestore({}, variables)).toThrow(CheckpointPartError);
    expect(first.steps).toBe(1);
    first.dispose();
    second.dispose();
  });
});

describe('parameter groups', () => {
  const moved = (optimizer: Optimizer) => {
    optimizer.apply(
      variables,
      variables.map(() => undefined),
    );
    optimizer.dispose();
    return variables.map((variable, k) => variable.dataSync()[0]! / initial[k]![0]!);
  };
  const close = (got: number[], expected: number[]) => {
    got.forEach((value, k) => {
      expect(value).toBeCloseTo(expected[k]!, 5);
    });
  };

  it('leave biases and norms undecayed, whatever the group’s learning rate', () => {
    const groups = [{ variables: [variables[0]!, variables[1]!], learningRateFactor: 3 }];
    close(moved(adamW({ learningRate: 0.1, weightDecay: 0.5, groups })), [0.85, 1, 0.95, 1, 1]);
  });

  it('take each setting from the first group that states it', () => {
    const groups = [
      { variables: (variable: tf.Variable) => variable.size === 4, weightDecay: 1 },
      { variables, learningRateFactor: 2 },
    ];
    close(moved(sgd({ learningRate: 0.1, weightDecay: 0.5, groups })), [0.9, 0.8, 0.8, 1, 1]);
  });

  it('let the helper win where it stands first', () => {
    const groups = [noDecayOnBiasesAndNorms(), { variables, weightDecay: 1 }];
    close(moved(sgd({ learningRate: 0.1, groups })), [0.9, 1, 0.9, 1, 1]);
  });

  it('take the weights of a layer', () => {
    const layer = tf.layers.dense({ units: 2, inputShape: [2] });
    const model = tf.sequential({ layers: [layer] });
    const own = layer.trainableWeights.map((weight) => weight.read() as tf.Variable);
    const before = own[0]!.dataSync().slice();
    const optimizer = sgd({
      learningRate: 1,
      groups: [{ variables: layer.trainableWeights, learningRateFactor: 0.25 }],
    });
    const gradient = tf.ones([2, 2]);
    optimizer.apply(own, [gradient, undefined]);
    expect(before[0]! - own[0]!.dataSync()[0]!).toBeCloseTo(0.25, 6);
    optimizer.dispose();
    model.dispose();
    gradient.dispose();
  });

  it('refuse what is not trained, a question that holds for none, and bad numbers', async () => {
    await expectNoLeak(() => {
      const other = tf.tidy(() => tf.variable(tf.scalar(1), true, 'someone-else'));
      const foreign = sgd({ learningRate: 1, groups: [{ variables: [other] }] });
      expect(() => foreign.apply(variables, {})).toThrow(/got someone-else as well; is its layer frozen/);
      const none = sgd({ learningRate: 1, groups: [{ variables: ({ name }) => name === 'kernel' }] });
      expect(() => none.apply(variables, {})).toThrow(OptimizerVariablesError);
      expect(() => sgd({ learningRate: 1, groups: [{ variables: [], weightDecay: -1 }] })).toThrow(
        'sgd: groups[0]: weightDecay',
      );
      expect(() => sgd({ learningRate: 1, groups: [{ variables: 'all' as never }] })).toThrow(TrainOptionError);
      other.dispose();
    });
  });
});

describe('engine kernels', () => {
  const kernels: [string, string, () => Optimizer][] = [
    ['TensorPapersSgd', 'sgd', () => sgd({ learningRate: 0.1 })],
    ['TensorPapersMomentum', 'sgd with momentum', () => sgd({ learningRate: 0.1, momentum: 0.9 })],
    ['TensorPapersAdam', 'adamW', () => adamW({ learningRate: 0.1 })],
  ];
  it.each(kernels)('%s serves %s once a group where the engine has it', (kernel, _, make) => {
    const optimizer = make();
    optimizer.apply(variables, {});
    const names: string[] = [];
    const { profile } = tf as unknown as { profile(f: () => void): Promise<{ kernels: { name: string }[] }> };
    return profile(() => optimizer.apply(variables, {})).then((run) => {
      names.push(...run.kernels.map(({ name }) => name));
      optimizer.dispose();
      const calls = names.filter((name) => name === kernel).length;
      // Plain SGD has one group, as nothing is decayed; AdamW decays all but biases and norms.
      const groups = kernel === 'TensorPapersAdam' ? 2 : 1;
      expect(calls).toBe(tf.getKernel(kernel, tf.getBackend()) ? groups : 0);
    });
  });
});
