import { describe, expect, it } from '@jest/globals';
import { createRng } from '@tensor-papers/numerics/random';
import * as tf from '@tensorflow/tfjs';
import { expectNoLeak, normalTensor, weightValues } from '../../test/tensors.js';
import { mlp } from '../nn/backbones/mlp.js';
import { CheckpointModelError, CheckpointPartError } from './checkpoint/errors.js';
import { Ema } from './ema.js';
import { OptimizerVariablesError, TrainOptionError } from './errors.js';

/** A model with moving statistics. */
function normalised(): tf.LayersModel {
  const kernelInitializer = tf.initializers.glorotUniform({ seed: 4 });
  const dense = (units: number) => tf.layers.dense({ units, kernelInitializer });
  const first = tf.layers.dense({ units: 3, inputShape: [2], kernelInitializer });
  return tf.sequential({ layers: [first, tf.layers.batchNormalization(), dense(2)] });
}

/** Moves every weight at random, statistics too, and returns what they are then. */
function move(model: tf.LayersModel, seed: number): number[][] {
  const rng = createRng(seed);
  tf.tidy(() => model.setWeights(model.getWeights().map(({ shape }, i) => normalTensor(shape, rng.stream(i)))));
  return weightValues(model);
}

function expectClose(got: number[][], expected: number[][]): void {
  got.forEach((values, k) => {
    values.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[k]![i]!, 5);
    });
  });
}

/** The average by the definition. */
function reference(weights: number[][][], decayAt: (update: number) => number): number[][] {
  return weights[0]!.map((values, k) =>
    values.map((initial, i) =>
      weights.slice(1).reduce((average, w, t) => decayAt(t) * average + (1 - decayAt(t)) * w[k]![i]!, initial),
    ),
  );
}

describe('Ema', () => {
  it.each<[string, ConstructorParameters<typeof Ema>[1], (t: number) => number]>([
    ['a constant decay', { decay: 0.9 }, () => 0.9],
    ['a decay of 0', { decay: 0 }, () => 0],
    ['a warm-up', { decay: 0.5, warmUp: true }, (t) => Math.min(0.5, (1 + t) / (10 + t))],
    ['a decay of its own', { decay: (t) => t / (t + 1) }, (t) => t / (t + 1)],
    ['its default', {}, () => 0.999],
  ])('with %s follows the definition, moving statistics included', async (_, options, decayAt) => {
    await expectNoLeak(() => {
      const model = normalised();
      const weights = [weightValues(model)];
      const ema = new Ema(model, options);
      for (let t = 0; t < 12; t++) {
        weights.push(move(model, t));
        ema.update();
      }
      expect(ema.updates).toBe(12);
      const average = reference(weights, decayAt);
      ema.swap();
      expectClose(weightValues(model), average);
      ema.swap();
      expect(weightValues(model)).toEqual(weights[12]);
      ema.dispose();
      model.dispose();
    });
  });

  it('writes the average into a second model, also while it is swapped in', async () => {
    await expectNoLeak(() => {
      const [model, teacher] = [normalised(), normalised()];
      using ema = new Ema(model, { decay: 0.5 });
      move(model, 1);
      ema.update();
      ema.applyTo(teacher);
      const average = weightValues(teacher);
      ema.swap();
      expect(weightValues(model)).toEqual(average);
      move(teacher, 2);
      ema.applyTo(teacher);
      expect(weightValues(teacher)).toEqual(average);
      ema.swap();
      const other = mlp({ hidden: [4] })({ seed: 1, inputShape: [2], classes: 2 });
      expect(() => ema.applyTo(other)).toThrow(OptimizerVariablesError);
      tf.dispose([model, teacher, other].flatMap((each) => each.weights.map((weight) => weight.read())));
    });
  });

  it('goes on to the bit in a copy that was given its state', async () => {
    const model = normalised();
    const ema = new Ema(model, { decay: 0.9, warmUp: true });
    move(model, 1);
    ema.update();
    const state = await ema.capture();
    const copy = new Ema(model, { decay: 0.9, warmUp: true });
    copy.update();
    copy.prepareRestore(state)();
    expect(copy.updates).toBe(1);
    move(model, 2);
    for (const each of [ema, copy]) each.update();
    expect((await copy.capture()).tensors).toEqual((await ema.capture()).tensors);
    expect(Object.keys(state.tensors!)).toContain('batch_normalization_BatchNormalization/moving_mean');
    const other = mlp({ hidden: [3] })({ seed: 1, inputShape: [2], classes: 2 });
    const foreign = new Ema(other);
    expect(() => foreign.prepareRestore(state)).toThrow(CheckpointModelError);
    expect(() => copy.prepareRestore({ ...state, values: { updates: 'many' } })).toThrow(CheckpointPartError);
    for (const each of [ema, copy, foreign]) each.dispose();
    model.dispose();
    other.dispose();
  });

  it('refuses decays outside [0, 1) and to average itself', () => {
    const model = normalised();
    expect(() => new Ema(model, { decay: 1 })).toThrow(TrainOptionError);
    const ema = new Ema(model, { decay: () => Number.NaN });
    expect(() => ema.update()).toThrow(TrainOptionError);
    expect(ema.updates).toBe(0);
    ema.swap();
    expect(ema.swapped).toBe(true);
    expect(() => ema.update()).toThrow('swap back before updating');
    ema.dispose();
    model.dispose();
  });
});
