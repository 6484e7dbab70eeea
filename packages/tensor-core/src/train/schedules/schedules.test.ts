import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { StepsUnknownError, TrainOptionError } from '../errors.js';
import { constant } from './constant.js';
import { cosine } from './cosine.js';
import { cosineRestarts } from './cosine-restarts.js';
import { linearRamp } from './linear-ramp.js';
import { multiStep } from './multi-step.js';
import { polynomial } from './polynomial.js';
import type { Progress, Schedule } from './schedule.js';
import { sigmoidRampUp } from './sigmoid-ramp-up.js';
import { stepDecay } from './step-decay.js';
import { warmUp } from './warm-up.js';

const STEPS_PER_EPOCH = 10;

/** Where a run of 4 epochs of 10 steps stands before a step. */
function at(step: number, known = true): Progress {
  return {
    step,
    epoch: Math.floor(step / STEPS_PER_EPOCH),
    stepsPerEpoch: known ? STEPS_PER_EPOCH : undefined,
    totalSteps: known ? 4 * STEPS_PER_EPOCH : undefined,
  };
}

function expectRates(schedule: Schedule, rates: Readonly<Record<number, number>>): void {
  for (const [step, rate] of Object.entries(rates)) expect(schedule(at(Number(step)))).toBeCloseTo(rate, 12);
}

describe('schedules, values by hand', () => {
  it('constant', () => expectRates(constant(0.3), { 0: 0.3, 39: 0.3 }));

  it('stepDecay multiplies at every n-th epoch', () => {
    const schedule = stepDecay({ learningRate: 0.8, every: 2, factor: 0.1 });
    expectRates(schedule, { 0: 0.8, 19: 0.8, 20: 0.08, 39: 0.08, 40: 0.008 });
  });

  it('multiStep multiplies at its milestones', () => {
    const schedule = multiStep({ learningRate: 1, milestones: [1, 3], factor: 0.2 });
    expectRates(schedule, { 0: 1, 9: 1, 10: 0.2, 29: 0.2, 30: 0.04, 99: 0.04 });
    expectRates(multiStep({ learningRate: 1, milestones: [], factor: 0.2 }), { 50: 1 });
  });

  it('cosine falls over the whole run by default', () => {
    expectRates(cosine({ learningRate: 2 }), { 0: 2, 10: 1 + Math.SQRT1_2, 20: 1, 30: 1 - Math.SQRT1_2, 40: 0, 90: 0 });
  });

  it('cosine ends at its minimum after its duration', () => {
    expectRates(cosine({ learningRate: 2, minimum: 1, steps: 20 }), { 0: 2, 10: 1.5, 20: 1, 39: 1 });
    expectRates(cosine({ learningRate: 2, minimum: 1, epochs: 3 }), { 0: 2, 15: 1.5, 30: 1, 39: 1 });
    expectRates(cosine({ learningRate: 2, epochs: 0.5 }), { 0: 2, 5: 0, 6: 0 });
  });

  it('polynomial falls linearly, or with a power', () => {
    expectRates(polynomial({ learningRate: 1 }), { 0: 1, 10: 0.75, 20: 0.5, 40: 0, 41: 0 });
    expectRates(polynomial({ learningRate: 1, minimum: 0.2, power: 2 }), { 0: 1, 20: 0.4, 30: 0.25, 40: 0.2 });
    expectRates(polynomial({ learningRate: 1, power: 0.9, steps: 10 }), { 5: 0.5 ** 0.9, 10: 0 });
  });

  it('warmUp scales what a schedule says in the first steps', () => {
    expectRates(warmUp(4, constant(1)), { 0: 0.25, 1: 0.5, 3: 1, 4: 1, 30: 1 });
    expectRates(warmUp({ epochs: 2 }, constant(1)), { 0: 0.05, 9: 0.5, 19: 1, 20: 1 });
    expectRates(warmUp({ steps: 2 }, stepDecay({ learningRate: 1, every: 1, factor: 0.5 })), { 0: 0.5, 1: 1, 10: 0.5 });
    expectRates(warmUp(20, polynomial({ learningRate: 1 })), { 0: 0.05, 9: 0.5 * 0.775, 20: 0.5 });
  });

  it('cosineRestarts begins anew after each cycle', () => {
    const even = cosineRestarts({ learningRate: 2, epochs: 1 });
    expectRates(even, { 0: 2, 5: 1, 9: 1 + Math.cos(0.9 * Math.PI), 10: 2, 15: 1, 20: 2, 35: 1 });
    const longer = cosineRestarts({ learningRate: 3, minimum: 1, steps: 4, lengthFactor: 2 });
    expectRates(longer, { 0: 3, 2: 2, 4: 3, 8: 2, 12: 3, 20: 2, 28: 3 });
  });

  it('sigmoidRampUp rises as exp(−5(1 − t)²)', () => {
    const rise = sigmoidRampUp({ maximum: 2, steps: 20 });
    expectRates(rise, { 0: 2 * Math.exp(-5), 10: 2 * Math.exp(-1.25), 15: 2 * Math.exp(-5 / 16), 20: 2, 90: 2 });
    expectRates(sigmoidRampUp({ maximum: 1 }), { 20: Math.exp(-1.25), 40: 1 });
  });

  it('linearRamp goes up, or down after a while', () => {
    expectRates(linearRamp({ to: 4, epochs: 2 }), { 0: 0, 5: 1, 20: 4, 39: 4 });
    expectRates(linearRamp({ from: 1, to: 0.5, after: { epochs: 2 }, steps: 10 }), { 0: 1, 20: 1, 25: 0.75, 30: 0.5 });
    expectRates(linearRamp({ from: 1 }), { 0: 1, 10: 0.75, 40: 0 });
  });
});

describe('schedules', () => {
  it('never rise and stay between their ends', () => {
    const rate = fc.double({ min: 0.1, max: 10, noNaN: true });
    const power = fc.double({ min: 0.1, max: 5, noNaN: true });
    fc.assert(
      fc.property(rate, power, fc.integer({ min: 1, max: 60 }), (learningRate, exponent, steps) => {
        const minimum = learningRate / 7;
        const all = [
          cosine({ learningRate, minimum, steps }),
          polynomial({ learningRate, minimum, power: exponent, steps }),
          stepDecay({ learningRate, every: 1, factor: 0.7 }),
        ];
        for (const schedule of all) {
          let previous = schedule(at(0));
          expect(previous).toBeCloseTo(learningRate, 9);
          for (let step = 1; step < 40; step++) {
            const next = schedule(at(step));
            expect(next).toBeLessThanOrEqual(previous);
            expect(next).toBeGreaterThan(0);
            previous = next;
          }
        }
      }),
    );
  });

  it('count in steps without knowing the length of an epoch, and say so where they cannot', () => {
    expect(cosine({ learningRate: 1, steps: 10 })(at(5, false))).toBeCloseTo(0.5, 12);
    expect(warmUp(10, constant(1))(at(4, false))).toBeCloseTo(0.5, 12);
    for (const schedule of [
      cosine({ learningRate: 1 }),
      polynomial({ learningRate: 1, epochs: 2 }),
      warmUp({ epochs: 1 }, constant(1)),
      cosineRestarts({ learningRate: 1, epochs: 1 }),
      sigmoidRampUp({ maximum: 1 }),
      linearRamp({ to: 1, steps: 3, after: { epochs: 1 } }),
    ]) {
      expect(() => schedule(at(0, false))).toThrow(StepsUnknownError);
      expect(() => schedule(at(0, false))).toThrow('pass `stepsPerEpoch` to fit');
    }
  });

  it.each<[string, () => Schedule]>([
    ['a negative rate', () => constant(-0.1)],
    ['a rate that is no number', () => cosine({ learningRate: Number.NaN })],
    ['a negative minimum', () => cosine({ learningRate: 1, minimum: -1 })],
    ['both durations', () => cosine({ learningRate: 1, steps: 3, epochs: 1 })],
    ['no steps', () => polynomial({ learningRate: 1, steps: 0 })],
    ['negative epochs', () => polynomial({ learningRate: 1, epochs: -1 })],
    ['a power of 0', () => polynomial({ learningRate: 1, power: 0 })],
    ['a drop every 0 epochs', () => stepDecay({ learningRate: 1, every: 0, factor: 0.1 })],
    ['a negative factor', () => stepDecay({ learningRate: 1, every: 1, factor: -0.1 })],
    ['milestones out of order', () => multiStep({ learningRate: 1, milestones: [3, 2], factor: 0.1 })],
    ['a milestone twice', () => multiStep({ learningRate: 1, milestones: [2, 2], factor: 0.1 })],
    ['a milestone at 0', () => multiStep({ learningRate: 1, milestones: [0], factor: 0.1 })],
    ['a warm-up of half a step', () => warmUp(0.5, constant(1))],
    ['restarts without a length', () => cosineRestarts({ learningRate: 1 })],
    ['cycles that get shorter', () => cosineRestarts({ learningRate: 1, steps: 5, lengthFactor: 0.5 })],
    ['a ramp to below 0', () => linearRamp({ to: -1 })],
    ['a ramp after no steps', () => linearRamp({ to: 1, after: { steps: 0 } })],
    ['a ramp to infinity', () => sigmoidRampUp({ maximum: Number.POSITIVE_INFINITY })],
  ])('refuse %s', (_, make) => {
    expect(make).toThrow(TrainOptionError);
  });
});
