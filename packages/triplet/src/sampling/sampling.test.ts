import { describe, expect, it } from '@jest/globals';
import { createRng } from '@tensor-papers/numerics/random';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { leak, lossAndGradient, matrix, problem } from '../../test/support.js';
import {
  CrossBatchMemory,
  classBalancedBatches,
  contrastiveLoss,
  DisposedError,
  hardNegativeLoss,
  LabelsError,
  NonFiniteError,
  OptionError,
  ReferenceSetError,
  SamplerError,
} from '../index.js';

const sizesOf = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 8 });
const labelsOf = (sizes: number[]) => sizes.flatMap((size, label) => Array.from({ length: size }, () => 3 * label));
const runs = { numRuns: 40, seed: 1 };

describe('class-balanced batches', () => {
  const modes = fc.constantFrom('sample' as const, 'fill' as const);

  it('hold P classes with K images each, different ones where the class has K', () => {
    fc.assert(
      fc.property(sizesOf, fc.nat(), fc.integer({ min: 1, max: 4 }), modes, (sizes, seed, imagesPerClass, mode) => {
        const labels = labelsOf(sizes);
        const classesPerBatch = Math.max(1, sizes.length - 1);
        const options = {
          classesPerBatch,
          imagesPerClass,
          rng: createRng(seed),
          mode,
          passes: mode === 'fill' ? 1 : 3,
        };
        for (const batch of classBalancedBatches(labels, options)) {
          expect(batch).toHaveLength(classesPerBatch * imagesPerClass);
          const groups = Array.from({ length: classesPerBatch }, (_, c) =>
            Array.from(batch.subarray(c * imagesPerClass, (c + 1) * imagesPerClass)),
          );
          const classes = groups.map((group) => new Set(group.map((image) => labels[image]!)));
          expect(classes.every((set) => set.size === 1)).toBe(true);
          expect(new Set(classes.map((set) => [...set][0])).size).toBe(classesPerBatch);
          for (const group of groups) {
            const size = sizes[labels[group[0]!]! / 3]!;
            expect(new Set(group).size).toBe(Math.min(size, imagesPerClass));
          }
        }
      }),
      runs,
    );
  });

  it('bring up every class once a pass when P divides the number of classes', () => {
    const labels = labelsOf([4, 5, 6, 7, 8, 9]);
    const batches = classBalancedBatches(labels, { classesPerBatch: 3, passes: 4, rng: createRng(1) });
    expect(batches).toHaveLength(8);
    const counts = new Map<number, number>();
    for (const image of batches.flatMap((batch) => [...batch])) {
      counts.set(labels[image]!, (counts.get(labels[image]!) ?? 0) + 1);
    }
    expect([...counts.values()]).toEqual([8, 8, 8, 8, 8, 8]);
  });

  it('filled, use every image of the largest class once and those of the others about as often', () => {
    const labels = labelsOf([8, 4, 2]);
    const images = classBalancedBatches(labels, { classesPerBatch: 3, mode: 'fill', rng: createRng(2) }).flatMap(
      (batch) => [...batch],
    );
    const counts = labels.map((_, image) => images.filter((other) => other === image).length);
    expect(counts).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4]);
  });

  it('are the same for the same seed and epoch, and others for another epoch', () => {
    const labels = labelsOf([5, 5, 5, 5]);
    const draw = (epoch: number) => classBalancedBatches(labels, { classesPerBatch: 2, rng: createRng(7), epoch });
    expect(draw(0)).toEqual(draw(0));
    expect(draw(1)).not.toEqual(draw(0));
    const rng = createRng(7);
    rng.uniform();
    expect(classBalancedBatches(labels, { classesPerBatch: 2, rng })).toEqual(draw(0));
  });

  it('leave unlabelled images out, and classes with too few where asked', () => {
    const labels = [-1, 0, 0, 0, 1, 2, 2, 2, -1];
    const options = { classesPerBatch: 2, imagesPerClass: 3, rng: createRng(1) };
    const skipped = classBalancedBatches(labels, { ...options, smallClasses: 'skip', passes: 5 });
    expect(new Set(skipped.flatMap((batch) => [...batch].map((image) => labels[image]!)))).toEqual(new Set([0, 2]));
    const repeated = classBalancedBatches(labels, { ...options, classesPerBatch: 3 });
    expect([...repeated[0]!].filter((image) => image === 4)).toHaveLength(3);
    expect(() => classBalancedBatches(labels, { ...options, smallClasses: 'error' })).toThrow('class 1');
    expect(() => classBalancedBatches(labels, { ...options, classesPerBatch: 3, smallClasses: 'skip' })).toThrow(
      SamplerError,
    );
  });

  it('refuse what makes no sense', () => {
    const rng = createRng(1);
    const draw =
      (options: object, labels = [0, 0, 1, 1]) =>
      () =>
        classBalancedBatches(labels, { classesPerBatch: 2, rng, ...options });
    expect(draw({ classesPerBatch: 3 })).toThrow(SamplerError);
    expect(draw({}, [])).toThrow(SamplerError);
    expect(draw({}, [0, 1.5])).toThrow(SamplerError);
    expect(draw({}, [0, -2])).toThrow(SamplerError);
    for (const options of [
      { classesPerBatch: 0 },
      { imagesPerClass: 0 },
      { passes: 0 },
      { mode: 'x' },
      { epoch: -1 },
    ]) {
      expect(draw(options)).toThrow(OptionError);
    }
  });
});

describe('cross-batch memory', () => {
  it('holds the last rows, and marks which are those of the batch', () => {
    using memory = new CrossBatchMemory({ rows: 3, dimensions: 1 });
    expect([...(memory.push(matrix([[1], [2]]), [0, 1]).own as Int32Array)]).toEqual([0, 1]);
    const { embeddings, labels, own, constant } = memory.push(matrix([[3], [4]]), [2, 3]);
    expect(embeddings.arraySync()).toEqual([[4], [2], [3]]);
    expect([...(labels as Int32Array)]).toEqual([3, 1, 2]);
    expect([...(own as Int32Array)]).toEqual([2, 0]);
    expect(constant).toBe(true);
    expect(memory.size).toBe(3);
  });

  it('just filled with the batch, gives the loss of the batch with gradients through the anchors alone', () => {
    const { x, y } = problem(3);
    using memory = new CrossBatchMemory({ rows: 20, dimensions: 3 });
    const plain = lossAndGradient(x, (rows) => hardNegativeLoss(rows, y));
    const remembered = lossAndGradient(x, (rows) => hardNegativeLoss(rows, y, { reference: memory.push(rows, y) }));
    expect(remembered.loss).toBeCloseTo(plain.loss, 5);
    expect(remembered.gradient).not.toEqual(plain.gradient);
    const frozen = lossAndGradient(x, (rows) => {
      const reference = { embeddings: matrix(x), labels: y, own: x.map((_, i) => i), constant: true };
      return hardNegativeLoss(rows, y, { reference });
    });
    expect(remembered.gradient).toEqual(frozen.gradient);
  });

  it('goes on from a state, and forgets when cleared', () => {
    using memory = new CrossBatchMemory({ rows: 4, dimensions: 2 });
    const batch = matrix([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    memory.push(batch, [0, 1, 2]);
    using other = new CrossBatchMemory({ rows: 4, dimensions: 2 });
    other.restore(memory.state());
    const [a, b] = [memory.push(batch, [3, 4, 5]), other.push(batch, [3, 4, 5])];
    expect(b.embeddings.arraySync()).toEqual(a.embeddings.arraySync());
    expect(b.own).toEqual(a.own);
    memory.clear();
    expect(memory.size).toBe(0);
    expect(() => memory.reference()).toThrow(ReferenceSetError);
    expect(() => other.restore({ ...memory.state(), labels: new Int32Array(2) })).toThrow(ReferenceSetError);
    expect(() => other.restore({ ...memory.state(), next: 9 })).toThrow(ReferenceSetError);
  });

  it('leaves no tensors after dispose, also when pushed to inside a gradient', async () => {
    const { x, y } = problem(2);
    const rows = matrix(x);
    expect(
      await leak(() => {
        const memory = new CrossBatchMemory({ rows: 12, dimensions: 3 });
        for (let step = 0; step < 3; step++) {
          const { value, grad } = tf.valueAndGrad((p) =>
            contrastiveLoss(p as tf.Tensor2D, y, { reference: memory.push(p as tf.Tensor2D, y) }),
          )(rows);
          tf.dispose([value, grad]);
        }
        tf.tidy(() => {
          memory.push(rows, y);
        });
        expect(memory.reference().embeddings.isDisposed).toBe(false);
        memory.dispose();
      }),
    ).toBe(0);
  });

  it('refuses what does not fit', () => {
    const memory = new CrossBatchMemory({ rows: 2, dimensions: 2 });
    expect(() => memory.push(tf.zeros([1, 3]), [0])).toThrow(ReferenceSetError);
    expect(() => memory.push(tf.zeros([3, 2]), [0, 0, 0])).toThrow(ReferenceSetError);
    expect(() => memory.push(tf.zeros([2, 2]), [0])).toThrow(LabelsError);
    expect(() => memory.push(matrix([[Number.NaN, 1]]), [0])).toThrow(NonFiniteError);
    expect(memory.size).toBe(0);
    expect(() => new CrossBatchMemory({ rows: 0, dimensions: 2 })).toThrow(OptionError);
    memory.dispose();
    expect(() => memory.push(tf.zeros([1, 2]), [0])).toThrow(DisposedError);
    expect(() => memory.reference()).toThrow(DisposedError);
  });
});
