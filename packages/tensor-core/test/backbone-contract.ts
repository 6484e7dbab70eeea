import { describe, expect, it } from '@jest/globals';
import { createRng } from '@tensor-papers/numerics/random';
import * as tf from '@tensorflow/tfjs';
import { ModelConfigurationError, type ModelContext, type ModelFactory } from '../src/nn/model-factory.js';
import { expectNoLeak, normalTensor, weightValues } from './tensors.js';

/** Outputs for images, as numbers; `training` as in `model.apply`. */
export function outputValues(model: tf.LayersModel, x: tf.Tensor, training: boolean): number[] {
  return tf.tidy(() => Array.from((model.apply(x, { training }) as tf.Tensor).dataSync()));
}

/** Values of the kernel of a layer. */
export function kernelValues(model: tf.LayersModel, layer: string): number[] {
  return Array.from(model.getLayer(layer).getWeights()[0]!.dataSync());
}

/** Of values around 0. */
export function variance(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value * value, 0) / values.length;
}

/** Saves the model in memory and reads it back with what is registered. */
export async function reloaded(model: tf.LayersModel): Promise<tf.LayersModel> {
  let artifacts: tf.io.ModelArtifacts | null = null;
  await model.save(
    tf.io.withSaveHandler(async (saved) => {
      artifacts = saved;
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
    }),
  );
  return await tf.loadLayersModel(tf.io.fromMemory(artifacts!));
}

/** The tests that every backbone has to pass; the context describes small images. */
export function describeBackbone(name: string, makeModel: ModelFactory, context: ModelContext): void {
  const shape = [...context.inputShape];
  const images = () => normalTensor([4, ...shape], createRng(1));

  describe(name, () => {
    it('gives logits for a batch, and leaves nothing behind', async () => {
      await expectNoLeak(() => {
        const model = makeModel(context);
        expect(model.inputs[0]!.shape).toEqual([null, ...shape]);
        for (const training of [false, true]) {
          const x = images();
          const logits = tf.tidy(() => model.apply(x, { training }) as tf.Tensor);
          expect(logits.shape).toEqual([4, context.classes]);
          const sums = Array.from(tf.tidy(() => tf.sum(logits, 1).dataSync()));
          expect(sums.every(Number.isFinite)).toBe(true);
          // No softmax at the end.
          expect(sums.every((sum) => Math.abs(sum - 1) > 1e-3)).toBe(true);
          tf.dispose([x, logits]);
        }
        model.dispose();
      });
    });

    it('has the same weights for the same seed, and others for another', () => {
      const models = [7, 7, 8, 0, 0, -1].map((seed) => makeModel({ ...context, seed }));
      const weights = models.map(weightValues);
      expect(weights[1]).toEqual(weights[0]);
      expect(weights[4]).toEqual(weights[3]);
      for (const [a, b] of [
        [0, 2],
        [0, 3],
        [2, 5],
      ] as const) {
        // Every kernel differs, the first one and the last one.
        const kernels = models[0]!.getWeights().flatMap(({ rank }, k) => (rank > 1 ? [k] : []));
        for (const k of kernels) expect(weights[a]![k]).not.toEqual(weights[b]![k]);
      }
      for (const model of models) model.dispose();
    });

    it('starts a layer differently from the next one of the same shape', () => {
      const model = makeModel({ ...context, classes: 5 });
      const kernels = model.getWeights().filter(({ rank }) => rank > 1);
      const texts = kernels.map((kernel) => Array.from(kernel.dataSync().slice(0, 4)).join());
      expect(new Set(texts).size).toBe(kernels.length);
      model.dispose();
    });

    it('gives the same outputs when it is saved and reloaded', async () => {
      await expectNoLeak(async () => {
        const model = makeModel(context);
        const x = images();
        // Moves the statistics and the dropout away from where they start.
        tf.tidy(() => void model.apply(x, { training: true }));
        const loaded = await reloaded(model);
        expect(outputValues(loaded, x, false)).toEqual(outputValues(model, x, false));
        expect(weightValues(loaded)).toEqual(weightValues(model));
        const fresh = makeModel(context);
        expect(outputValues(loaded, x, true)).toEqual(outputValues(fresh, x, true));
        for (const made of [model, loaded, fresh]) made.dispose();
        x.dispose();
      });
    });

    it.each<[string, Partial<ModelContext>]>([
      ['no classes', { classes: 0 }],
      ['half a class', { classes: 2.5 }],
      ['a seed that is no integer', { seed: 0.5 }],
      ['no input', { inputShape: [] }],
      ['an empty side', { inputShape: [0, 8, 2] }],
      ['half a pixel', { inputShape: [8, 7.5, 2] }],
    ])('refuses %s', (_what, wrong) => {
      expect(() => makeModel({ ...context, ...wrong })).toThrow(ModelConfigurationError);
    });
  });
}
