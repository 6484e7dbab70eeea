import { describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { expectNoLeak } from '../../../test/tensors.js';
import { ModelConfigurationError } from '../model-factory.js';
import { SeededGaussianNoise, type SeededGaussianNoiseConfig } from './seeded-gaussian-noise.js';

const SIZE = 4000;

/** The outputs of the first `steps` training steps on inputs of 0. */
function noise(config: SeededGaussianNoiseConfig, steps: number): number[][] {
  const layer = new SeededGaussianNoise(config);
  return Array.from({ length: steps }, () =>
    tf.tidy(() => Array.from((layer.apply(tf.zeros([SIZE]), { training: true }) as tf.Tensor).dataSync())),
  );
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('SeededGaussianNoise', () => {
  it('has mean 0, the standard deviation asked for, and the tails of a normal distribution', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 10, noNaN: true }), fc.nat(), (stddev, seed) => {
        const values = noise({ stddev, seed }, 1)[0]!.map((value) => value / stddev);
        const deviation = 1 / Math.sqrt(SIZE);
        expect(Math.abs(mean(values))).toBeLessThan(5 * deviation);
        expect(Math.abs(mean(values.map((value) => value ** 2)) - 1)).toBeLessThan(5 * Math.SQRT2 * deviation);
        expect(Math.abs(mean(values.map((value) => (Math.abs(value) > 2 ? 1 : 0))) - 0.0455)).toBeLessThan(0.017);
      }),
      { numRuns: 20 },
    );
  });

  it('draws anew at every step, and the same for the same seed', () => {
    const first = noise({ stddev: 1, seed: 3 }, 3);
    expect(noise({ stddev: 1, seed: 3 }, 3)).toEqual(first);
    const draws = [...first, ...noise({ stddev: 1, seed: 4 }, 3)];
    for (let i = 0; i < draws.length; i++) {
      for (let j = 0; j < i; j++) {
        const correlation = mean(draws[i]!.map((value, k) => value * draws[j]![k]!));
        expect(Math.abs(correlation)).toBeLessThan(0.08);
      }
    }
  });

  it('goes on where another run stood, and draws where seed and step make 0', () => {
    const layer = new SeededGaussianNoise({ stddev: 1, seed: 3 });
    layer.draws = 2;
    const third = tf.tidy(() =>
      Array.from((layer.apply(tf.zeros([SIZE]), { training: true }) as tf.Tensor).dataSync()),
    );
    expect(third).toEqual(noise({ stddev: 1, seed: 3 }, 3)[2]);
    expect(layer.draws).toBe(3);
    expect(noise({ stddev: 1, seed: 0 }, 2)).toEqual(noise({ stddev: 1, seed: 0 }, 2));
  });

  it('passes inputs through in inference and at 0, and draws nothing then', async () => {
    await expectNoLeak(() => {
      const layer = new SeededGaussianNoise({ stddev: 0.5, seed: 3 });
      const silent = new SeededGaussianNoise({ stddev: 0, seed: 3 });
      const x = tf.tensor2d([[1, -2, 3]]);
      const through = [
        layer.apply(x, { training: false }),
        layer.apply(x),
        silent.apply(x, { training: true }),
      ] as tf.Tensor[];
      for (const y of through) expect(Array.from(y.dataSync())).toEqual([1, -2, 3]);
      expect([layer.draws, silent.draws]).toEqual([0, 0]);
      tf.dispose([x, ...through]);
    });
  });

  it('passes the whole gradient', () => {
    const layer = new SeededGaussianNoise({ stddev: 1, seed: 3 });
    tf.tidy(() => {
      const gradient = tf.grad((x) => tf.mul(layer.apply(x, { training: true }) as tf.Tensor, 3))(tf.ones([5]));
      expect(Array.from(gradient.dataSync())).toEqual([3, 3, 3, 3, 3]);
    });
  });

  it('can be written and read', () => {
    const layer = new SeededGaussianNoise({ stddev: 0.15, seed: 3, name: 'noise' });
    const again = SeededGaussianNoise.fromConfig(SeededGaussianNoise, layer.getConfig()) as SeededGaussianNoise;
    expect([again.stddev, again.seed, again.name]).toEqual([0.15, 3, 'noise']);
  });

  it.each<[string, SeededGaussianNoiseConfig]>([
    ['a negative deviation', { stddev: -0.1, seed: 1 }],
    ['an infinite deviation', { stddev: Number.POSITIVE_INFINITY, seed: 1 }],
    ['a deviation that is no number', { stddev: Number.NaN, seed: 1 }],
    ['a seed between two', { stddev: 0.5, seed: 0.5 }],
  ])('refuses %s', (_, config) => {
    expect(() => new SeededGaussianNoise(config)).toThrow(ModelConfigurationError);
  });
});
