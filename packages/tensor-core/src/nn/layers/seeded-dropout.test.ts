import { describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { expectNoLeak } from '../../../test/tensors.js';
import { ModelConfigurationError } from '../model-factory.js';
import { SeededDropout, type SeededDropoutConfig } from './seeded-dropout.js';

const SIZE = 2000;

/** The outputs of the first `steps` training steps on inputs of 1. */
function outputs(config: SeededDropoutConfig, steps: number): number[][] {
  const layer = new SeededDropout(config);
  return Array.from({ length: steps }, () =>
    tf.tidy(() => Array.from((layer.apply(tf.ones([SIZE]), { training: true }) as tf.Tensor).dataSync())),
  );
}

describe('SeededDropout', () => {
  it('keeps a share 1 − rate of the units and scales them to keep the mean', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.05, max: 0.9, noNaN: true }), fc.nat(), (rate, seed) => {
        const [values] = outputs({ rate, seed }, 1) as [number[]];
        const kept = values.filter((value) => value !== 0);
        expect(Math.max(...kept.map((value) => Math.abs(value * (1 - rate) - 1)))).toBeLessThan(1e-5);
        const deviation = Math.sqrt((rate * (1 - rate)) / SIZE);
        expect(Math.abs(kept.length / SIZE - (1 - rate))).toBeLessThan(5 * deviation);
      }),
      { numRuns: 30 },
    );
  });

  it('draws another mask at every step, and the same ones for the same seed', () => {
    const first = outputs({ rate: 0.5, seed: 3 }, 4);
    expect(outputs({ rate: 0.5, seed: 3 }, 4)).toEqual(first);
    const masks = [...first, ...outputs({ rate: 0.5, seed: 4 }, 4)].map((values) => values.join());
    expect(new Set(masks).size).toBe(8);
    // Two independent masks agree in about half of their places.
    for (let step = 1; step < 4; step++) {
      const equal = first[step]!.filter((value, i) => value === first[0]![i]).length;
      expect(Math.abs(equal / SIZE - 0.5)).toBeLessThan(0.06);
    }
  });

  it('goes on where another run stood', () => {
    const layer = new SeededDropout({ rate: 0.5, seed: 3 });
    layer.draws = 2;
    const third = tf.tidy(() => Array.from((layer.apply(tf.ones([SIZE]), { training: true }) as tf.Tensor).dataSync()));
    expect(third).toEqual(outputs({ rate: 0.5, seed: 3 }, 3)[2]);
    expect(layer.draws).toBe(3);
  });

  it('draws even where seed and step make 0', () => {
    expect(outputs({ rate: 0.5, seed: 0 }, 2)).toEqual(outputs({ rate: 0.5, seed: 0 }, 2));
  });

  it('passes inputs through in inference and at rate 0, and draws nothing then', async () => {
    await expectNoLeak(() => {
      const layer = new SeededDropout({ rate: 0.5, seed: 3 });
      const open = new SeededDropout({ rate: 0, seed: 3 });
      const x = tf.tensor2d([[1, -2, 3]]);
      const through = [
        layer.apply(x, { training: false }),
        layer.apply(x),
        open.apply(x, { training: true }),
      ] as tf.Tensor[];
      for (const y of through) expect(Array.from(y.dataSync())).toEqual([1, -2, 3]);
      expect([layer.draws, open.draws]).toEqual([0, 0]);
      tf.dispose([x, ...through]);
    });
  });

  it('passes the gradient of the kept units only', () => {
    const layer = new SeededDropout({ rate: 0.25, seed: 3 });
    tf.tidy(() => {
      const x = tf.linspace(1, 2, 50);
      const y = layer.apply(x, { training: true }) as tf.Tensor;
      layer.draws = 0;
      const gradient = tf.grad((input) => layer.apply(input, { training: true }) as tf.Tensor)(x);
      const mask = y.dataSync().map((value) => (value === 0 ? 0 : 1 / 0.75));
      gradient.dataSync().forEach((value, i) => {
        expect(value).toBeCloseTo(mask[i]!, 5);
      });
    });
  });

  it('can be written and read, as the first layer as well', () => {
    const layer = new SeededDropout({ rate: 0.25, seed: 3, name: 'drop' });
    const again = SeededDropout.fromConfig(SeededDropout, layer.getConfig()) as SeededDropout;
    expect([again.rate, again.seed, again.name]).toEqual([0.25, 3, 'drop']);
    const model = tf.sequential({
      layers: [new SeededDropout({ rate: 0.5, seed: 1, batchInputShape: [null, 4] } as never)],
    });
    expect(model.outputShape).toEqual([null, 4]);
  });

  it.each<[string, SeededDropoutConfig]>([
    ['a rate of 1', { rate: 1, seed: 1 }],
    ['a negative rate', { rate: -0.1, seed: 1 }],
    ['a rate that is no number', { rate: Number.NaN, seed: 1 }],
    ['a seed between two', { rate: 0.5, seed: 0.5 }],
  ])('refuses %s', (_, config) => {
    expect(() => new SeededDropout(config)).toThrow(ModelConfigurationError);
  });
});
