import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  accumulateConfusionMatrix,
  accuracy,
  balancedAccuracy,
  brierScore,
  cohenKappa,
  confusionMatrix,
  frequencyWeightedIoU,
  intersectionOverUnion,
  meanIoU,
  pixelAccuracy,
  precisionRecallF1,
  topKAccuracy,
} from './index.js';

/** Labels, predictions and how many classes there are; some classes stay empty. */
const classified = fc
  .integer({ min: 1, max: 6 })
  .chain((classes) =>
    fc
      .array(fc.tuple(fc.nat(classes - 1), fc.nat(classes - 1)), { minLength: 1, maxLength: 40 })
      .map((pairs) => ({ classes, labels: pairs.map(([a]) => a), predicted: pairs.map(([, b]) => b) })),
  );
const nan = Number.NaN;

describe('topKAccuracy', () => {
  it('sorts each row, the lowest class first among equals, and starts as accuracy', () => {
    const logits = fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(logits, fc.nat(4)), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 5 }),
        (rows, k) => {
          const values = Float32Array.from(rows.flatMap(([row]) => row));
          const labels = rows.map(([, label]) => label);
          const right = rows.filter(([row, label]) =>
            [0, 1, 2, 3, 4]
              .sort((i, j) => row[j]! - row[i]! || i - j)
              .slice(0, k)
              .includes(label),
          );
          expect(topKAccuracy(values, labels, 5, k)).toBe(right.length / rows.length);
          expect(topKAccuracy(values, labels, 5, 1)).toBe(accuracy(values, labels, 5));
          expect(topKAccuracy(values, labels, 5, 5)).toBe(1);
        },
      ),
    );
  });
});

describe('brierScore', () => {
  it('is 0 when sure and right, 2 when sure and wrong, (1 − 1/C) for the uniform guess', () => {
    expect(brierScore([1, 0, 0, 1], [0, 1], 2)).toBe(0);
    expect(brierScore([1, 0], [1], 2)).toBe(2);
    expect(brierScore([0.25, 0.25, 0.25, 0.25], [3], 4)).toBe(0.75);
  });
});

describe('accumulateConfusionMatrix', () => {
  it('gives the same matrix in any split, as confusionMatrix does at once', () => {
    fc.assert(
      fc.property(classified, fc.nat(40), ({ classes, labels, predicted }, cut) => {
        const whole = confusionMatrix(predicted, labels, classes, { ignoreLabel: 0 });
        const matrix = new Float64Array(classes * classes);
        for (const [from, to] of [
          [0, cut],
          [cut, labels.length],
        ]) {
          accumulateConfusionMatrix(matrix, predicted.slice(from, to), labels.slice(from, to), { ignoreLabel: 0 });
        }
        expect([...matrix]).toEqual([...whole]);
        expect(matrix.reduce((a, b) => a + b)).toBe(labels.filter((label) => label !== 0).length);
      }),
    );
  });

  it('ignores pixels whatever is predicted for them, and leaves the matrix alone when it throws', () => {
    const matrix = new Float64Array(4);
    accumulateConfusionMatrix(matrix, Uint8Array.of(0, 255, 1), Uint8Array.of(1, 255, 1), { ignoreLabel: 255 });
    accumulateConfusionMatrix(matrix, [], []);
    expect([...matrix]).toEqual([0, 0, 1, 1]);
    expect(() => accumulateConfusionMatrix(matrix, [0, 2], [0, 0])).toThrow(/predicted classes\[1\]/);
    expect(() => accumulateConfusionMatrix(matrix, [0, 1], [0, -1])).toThrow(/labels\[1\].*ignoreLabel/);
    expect([...matrix]).toEqual([0, 0, 1, 1]);
  });
});

describe('measures from a confusion matrix', () => {
  it('equal counting over examples, and do not depend on their order', () => {
    fc.assert(
      fc.property(classified, ({ classes, labels, predicted }) => {
        const matrix = confusionMatrix(predicted, labels, classes);
        const n = labels.length;
        const count = (test: (label: number, guess: number) => boolean) =>
          labels.filter((label, i) => test(label, predicted[i]!)).length;
        const iou = intersectionOverUnion(matrix);
        const { precision, recall, f1, support } = precisionRecallF1(matrix);
        let weighted = 0;
        for (let c = 0; c < classes; c++) {
          const both = count((label, guess) => label === c && guess === c);
          const either = count((label, guess) => label === c || guess === c);
          const labelled = count((label) => label === c);
          const guessed = count((_, guess) => guess === c);
          expect(support[c]).toBe(labelled);
          expect(iou[c]).toBe(both / either);
          expect(precision[c]).toBe(both / guessed);
          expect(recall[c]).toBe(both / labelled);
          expect(f1[c]).toBe((2 * both) / (labelled + guessed));
          if (labelled > 0) weighted += (labelled / n) * iou[c]!;
        }
        const defined = [...iou].filter((value) => !Number.isNaN(value));
        expect(meanIoU(matrix)).toBeCloseTo(defined.reduce((a, b) => a + b) / defined.length, 12);
        expect(frequencyWeightedIoU(matrix)).toBeCloseTo(weighted, 12);
        expect(pixelAccuracy(matrix)).toBe(count((label, guess) => label === guess) / n);
        expect(confusionMatrix([...predicted].reverse(), [...labels].reverse(), classes)).toEqual(matrix);
      }),
    );
  });

  it('do not depend on the names of classes', () => {
    fc.assert(
      fc.property(classified, ({ classes, labels, predicted }) => {
        const turn = (ids: number[]) => ids.map((id) => (id + 1) % classes);
        const matrix = confusionMatrix(predicted, labels, classes);
        const turned = confusionMatrix(turn(predicted), turn(labels), classes);
        for (const measure of [meanIoU, balancedAccuracy, frequencyWeightedIoU, pixelAccuracy]) {
          expect(measure(turned)).toBeCloseTo(measure(matrix), 12);
        }
        const [kappa, turnedKappa] = [cohenKappa(matrix), cohenKappa(turned)];
        if (Number.isNaN(kappa)) expect(turnedKappa).toBeNaN();
        else expect(turnedKappa).toBeCloseTo(kappa, 12);
        const { f1 } = precisionRecallF1(matrix);
        precisionRecallF1(turned).f1.forEach((value, c) => {
          expect(value).toBe(f1[(c + classes - 1) % classes]);
        });
      }),
    );
  });

  it('of one class depend on its row and column only', () => {
    const matrix = confusionMatrix([0, 1, 1, 1, 2, 2, 2, 3, 1, 3], [0, 0, 1, 1, 1, 2, 2, 3, 3, 3], 4);
    const binary = confusionMatrix([0, 1, 1, 1, 0, 0, 0, 0, 1, 0], [0, 0, 1, 1, 1, 0, 0, 0, 0, 0], 2);
    expect(intersectionOverUnion(matrix)[1]).toBe(0.4);
    expect(intersectionOverUnion(binary)[1]).toBe(0.4);
  });

  it('leave absent classes out, and count classes that are only predicted', () => {
    const absent = confusionMatrix([0, 1, 1], [0, 0, 1], 3);
    expect([...intersectionOverUnion(absent)]).toEqual([0.5, 0.5, nan]);
    expect(meanIoU(absent)).toBe(0.5);
    const guessed = confusionMatrix([0, 2, 1], [0, 0, 1], 3);
    expect([...intersectionOverUnion(guessed)]).toEqual([0.5, 1, 0]);
    expect(meanIoU(guessed)).toBe(0.5);
    expect(balancedAccuracy(guessed)).toBe(0.75);
    const { precision, recall, macro, weighted } = precisionRecallF1(guessed);
    expect([...precision]).toEqual([1, 1, 0]);
    expect([...recall]).toEqual([0.5, 1, nan]);
    expect(macro.recall).toBe(0.5);
    expect(weighted.recall).toBeCloseTo(2 / 3, 12);
  });

  it('are NaN where nothing counts', () => {
    const nothing = confusionMatrix([0, 1], [255, 255], 2, { ignoreLabel: 255 });
    expect([...nothing]).toEqual([0, 0, 0, 0]);
    for (const measure of [meanIoU, balancedAccuracy, frequencyWeightedIoU, pixelAccuracy, cohenKappa]) {
      expect(measure(nothing)).toBeNaN();
    }
    const { f1, macro, micro, weighted } = precisionRecallF1(nothing);
    expect([...f1, macro.f1, micro.f1, weighted.f1]).toEqual([nan, nan, nan, nan, nan]);
  });

  it('kappa is 1 for agreement, 0 for chance, and weighs distance', () => {
    expect(cohenKappa([3, 0, 0, 5])).toBe(1);
    expect(cohenKappa([4, 4, 4, 4])).toBe(0);
    expect(cohenKappa([7, 0, 0, 0])).toBeNaN();
    const near = [5, 2, 0, 0, 5, 0, 0, 0, 5];
    const far = [5, 0, 2, 0, 5, 0, 0, 0, 5];
    expect(cohenKappa(near, { weights: 'quadratic' })).toBeGreaterThan(cohenKappa(far, { weights: 'quadratic' }));
    expect(cohenKappa(near, { weights: 'linear' })).toBeGreaterThan(cohenKappa(near));
  });
});

it.each<[string, string, () => unknown]>([
  ['k of 0', 'metrics/bad-option', () => topKAccuracy([1, 2], [0], 2, 0)],
  ['k above the classes', 'metrics/bad-option', () => topKAccuracy([1, 2], [0], 2, 3)],
  ['NaN logits', 'metrics/not-finite', () => topKAccuracy([1, nan], [0], 2, 1)],
  ['a label too high for top-k', 'metrics/label-range', () => topKAccuracy([1, 2], [2], 2, 1)],
  ['logits as probabilities', 'metrics/not-probabilities', () => brierScore([3, -2], [0], 2)],
  ['no examples', 'metrics/empty', () => brierScore([], [], 2)],
  ['labels missing', 'metrics/length-mismatch', () => brierScore([0.5, 0.5], [], 2)],
  ['no square', 'metrics/not-confusion-matrix', () => meanIoU([1, 2, 3])],
  ['no matrix', 'metrics/not-confusion-matrix', () => pixelAccuracy([])],
  ['a negative count', 'metrics/not-confusion-matrix', () => balancedAccuracy([1, -1, 0, 1])],
  ['a NaN count', 'metrics/not-confusion-matrix', () => precisionRecallF1([nan])],
  ['an infinite count', 'metrics/not-confusion-matrix', () => cohenKappa([Number.POSITIVE_INFINITY])],
  ['matrix of no square', 'metrics/not-confusion-matrix', () => accumulateConfusionMatrix(new Float64Array(2), [], [])],
  ['lengths', 'metrics/length-mismatch', () => accumulateConfusionMatrix(new Float64Array(4), [0, 1], [0])],
  ['unknown weights', 'metrics/bad-option', () => cohenKappa([1], { weights: 'cubic' as 'linear' })],
])('%s: %s', (_, code, call) => {
  expect(call).toThrow(expect.objectContaining({ code }));
});
