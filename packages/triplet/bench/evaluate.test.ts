import { describe, expect, it } from '@jest/globals';
import { imageSet } from '@tensor-papers/datasets';
import { createRng } from '@tensor-papers/numerics/random';
import * as tf from '@tensorflow/tfjs';
import { dot, leak, normals, unit } from '../test/support.js';
import { type TrainedRole, trainedRoles } from './arms.js';
import { classCosine, embedPixels, evaluate } from './evaluate.js';
import { batchesOf, lossOf } from './losses.js';
import { paper, quick, smoke, standard, study } from './presets.js';

const dataOf = (pixels: number[], labels: number[]) =>
  imageSet({
    ...{ pixels: Uint8Array.from(pixels), labels, shape: [1, 2, 1], classNames: ['a', 'b', 'c'] },
    source: { id: 'dots', sha256: '', licence: '', citation: '' },
  });

describe('an evaluation', () => {
  it('classCosine is the mean over classes of the mean over pairs', () => {
    const rows = unit(normals(createRng(1), 7, 3));
    const labels = [0, 1, 0, 1, 1, 2, 1];
    const images = {
      ...{ values: Float32Array.from(rows.flat()), length: 7, dimensions: 3, ids: labels.map(String) },
      labels: Int32Array.from(labels),
    };
    const pairs = (label: number) =>
      labels.flatMap((a, i) =>
        labels.flatMap((b, j) => (i < j && a === label && b === label ? [dot(rows[i]!, rows[j]!)] : [])),
      );
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(classCosine(images)).toBeCloseTo(mean([mean(pairs(0)), mean(pairs(1))]), 6);
    expect(classCosine({ ...images, labels: Int32Array.of(0, 1, 2, 3, 4, 5, 6) })).toBeNull();
  });

  it('finds by raw pixels, in itself or in a gallery, and marks queries without an image of their class', async () => {
    const test = dataOf([255, 0, 250, 0, 0, 255, 0, 240, 255, 255], [0, 0, 1, 1, 2]);
    const splits = { train: test, validation: null, test, gallery: null, apart: null, note: '' };
    const { metrics, hits } = await evaluate(embedPixels, splits);
    expect([hits, metrics.r1, metrics['r1-apart']]).toEqual(['1111-', 100, null]);
    const gallery = dataOf([255, 1, 1, 255, 200, 200], [1, 0, 2]);
    const other = { ...splits, gallery, apart: test };
    expect(await leak(() => evaluate(embedPixels, other))).toBe(0);
    const swapped = await evaluate(embedPixels, other);
    expect([swapped.hits, swapped.metrics.r1, swapped.metrics['r1-apart']]).toEqual(['00001', 20, 100]);
  });
});

describe('the arms', () => {
  const roles = Object.keys(trainedRoles) as TrainedRole[];

  it('have losses of their own', () => {
    const rng = createRng(2);
    const rows = tf.tensor2d(normals(rng, 48, 2), [48, 2]);
    const labels = tf.tensor1d(
      Array.from({ length: 48 }, (_, i) => Math.floor(i / 4)),
      'int32',
    );
    const values = roles.map((role) => {
      const loss = lossOf(role)(rows, labels);
      const [value] = loss.dataSync();
      loss.dispose();
      return value!;
    });
    for (const value of values) expect(Number.isFinite(value)).toBe(true);
    // Of those with four images a class only the batches are others.
    expect(new Set(values).size).toBe(roles.length - roles.filter((role) => role.endsWith('-k-4')).length);
    tf.dispose([rows, labels]);
  });

  it('have batches of one size in every preset, and as many classes as they need', () => {
    for (const part of [smoke, quick, standard, study, paper].flatMap(({ parts }) => parts)) {
      for (const role of part.trained) {
        const { classesPerBatch, imagesPerClass, passes } = batchesOf(role, part);
        expect(classesPerBatch).toBeGreaterThanOrEqual(2);
        expect(passes).toBeGreaterThanOrEqual(1);
        if (part.imagesPerClass === 2) {
          expect(classesPerBatch * imagesPerClass).toBe(part.classesPerBatch * part.imagesPerClass);
        }
      }
      expect(part.validationClasses > 0).toBe(part.learningRates.length > 1);
    }
  });
});
