import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  accuracy,
  agreement,
  argmaxRows,
  confusionMatrix,
  expectedCalibrationError,
  negativeLogLikelihood,
  reliabilityBins,
  softmaxRows,
} from './index.js';

const rows = (values: number[][]) => Float32Array.from(values.flat());

/** Logits of n examples with c classes, and labels. */
const classified = fc.tuple(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 6 })).chain(([n, classes]) =>
  fc.record({
    classes: fc.constant(classes),
    logits: fc
      .array(fc.float({ min: -30, max: 30, noNaN: true }), { minLength: n * classes, maxLength: n * classes })
      .map((values) => Float32Array.from(values)),
    labels: fc.array(fc.nat(classes - 1), { minLength: n, maxLength: n }).map((values) => Int32Array.from(values)),
  }),
);

/** log softmax of one row in the plainest way. */
function logProbabilities(row: number[]): number[] {
  const sum = row.map(Math.exp).reduce((a, b) => a + b, 0);
  return row.map((logit) => Math.log(Math.exp(logit) / sum));
}
const rowsOf = (values: Float32Array, classes: number) =>
  Array.from({ length: values.length / classes }, (_, i) => [...values.slice(i * classes, (i + 1) * classes)]);

describe('argmaxRows', () => {
  it('takes the lowest index among equals, and reads −∞ as the smallest', () => {
    const low = Number.NEGATIVE_INFINITY;
    const values = rows([
      [1, 3, 3],
      [2, 2, 2],
      [low, low, -5],
      [-0, 0, -1],
    ]);
    expect([...argmaxRows(values, 3)]).toEqual([1, 0, 2, 0]);
  });
});

describe('accuracy and agreement', () => {
  it('count the rows that are right', () => {
    const logits = rows([
      [0, 1],
      [1, 0],
      [5, 5],
      [0, 9],
    ]);
    expect(accuracy(logits, Int32Array.of(1, 0, 1, 1), 2)).toBe(0.75);
    expect(
      agreement(
        logits,
        rows([
          [0, 2],
          [0, 2],
          [3, 1],
          [0, 1],
        ]),
        2,
      ),
    ).toBe(0.75);
  });

  it('equal a plain loop, and agree with themselves', () => {
    fc.assert(
      fc.property(classified, ({ logits, labels, classes }) => {
        const predicted = rowsOf(logits, classes).map((row) => row.indexOf(Math.max(...row)));
        const right = predicted.filter((top, i) => top === labels[i]).length;
        expect(accuracy(logits, labels, classes)).toBeCloseTo(right / labels.length, 12);
        expect(agreement(logits, logits, classes)).toBe(1);
      }),
    );
  });
});

describe('softmaxRows and negativeLogLikelihood', () => {
  it('equal a plain loop', () => {
    fc.assert(
      fc.property(classified, ({ logits, labels, classes }) => {
        const logs = rowsOf(logits, classes).map(logProbabilities);
        const nll = -logs.reduce((sum, row, i) => sum + row[labels[i]!]!, 0) / labels.length;
        expect(Math.abs(negativeLogLikelihood(logits, labels, classes) - nll)).toBeLessThan(1e-9);
        const probabilities = softmaxRows(logits, classes);
        logs.flat().forEach((log, i) => {
          expect(Math.abs(probabilities[i]! - Math.exp(log))).toBeLessThan(1e-7);
        });
      }),
    );
  });

  it('stay finite where exp would overflow or underflow', () => {
    const logits = Float32Array.of(1e6, 0, -1e6, -2e6, 0, 1000);
    expect([...softmaxRows(logits, 2)]).toEqual([1, 0, 1, 0, 0, 1]);
    expect(negativeLogLikelihood(logits, Int32Array.of(1, 1, 0), 2)).toBeCloseTo((1e6 + 1e6 + 1000) / 3, 6);
  });

  it('keep what a float32 sum would lose', () => {
    // −log(1 / (1 + e⁻²⁰)) = 2.06e-9.
    expect(negativeLogLikelihood(Float32Array.of(20, 0), [0], 2)).toBeCloseTo(2.0611536e-9, 14);
  });

  it('read a logit of −∞ as probability 0', () => {
    const logits = [Number.NEGATIVE_INFINITY, 0, 0];
    expect([...softmaxRows(logits, 3)]).toEqual([0, 0.5, 0.5]);
    expect(negativeLogLikelihood(logits, [1], 3)).toBeCloseTo(Math.LN2, 12);
    expect(negativeLogLikelihood(logits, [0], 3)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('calibration', () => {
  it('groups by confidence into intervals that are closed on the right', () => {
    const probabilities = [0.5, 0.5, 0.75, 0.25, 0.1, 0.9, 1, 0];
    const bins = reliabilityBins(probabilities, [0, 1, 1, 1], 2, { bins: 4 });
    expect(bins.map(({ count }) => count)).toEqual([0, 1, 1, 2]);
    expect(bins.map(({ low, high }) => [low, high])).toEqual([
      [0, 0.25],
      [0.25, 0.5],
      [0.5, 0.75],
      [0.75, 1],
    ]);
    expect(bins[0]!.accuracy).toBeNaN();
    expect(bins[0]!.confidence).toBeNaN();
    expect(bins[2]).toMatchObject({ confidence: 0.75, accuracy: 0 });
    expect(bins[3]!.confidence).toBeCloseTo(0.95, 12);
    expect(bins[3]!.accuracy).toBe(0.5);
    // (0.5 + 0.75 + 2 · 0.45) / 4
    expect(expectedCalibrationError(probabilities, [0, 1, 1, 1], 2, { bins: 4 })).toBeCloseTo(0.5375, 12);
  });

  it('is 0 for a classifier that is as often right as it says, 1 for one that is surely wrong', () => {
    const three = [0.75, 0.25, 0.75, 0.25, 0.75, 0.25, 0.75, 0.25];
    expect(expectedCalibrationError(three, [0, 0, 0, 1], 2)).toBe(0);
    expect(expectedCalibrationError([1, 0, 1, 0], [1, 1], 2)).toBe(1);
  });

  it('equals the sum over examples of a bin, taken bin by bin', () => {
    fc.assert(
      fc.property(classified, fc.integer({ min: 1, max: 20 }), ({ logits, labels, classes }, bins) => {
        const probabilities = softmaxRows(logits, classes);
        const examples = rowsOf(probabilities, classes).map((row, i) => {
          const confidence = Math.max(...row);
          return { confidence, correct: Number(row.indexOf(confidence) === labels[i]) };
        });
        let error = 0;
        for (let b = 0; b < bins; b++) {
          const members = examples.filter(({ confidence }) => {
            const place = confidence * bins;
            return (place > b || b === 0) && (place <= b + 1 || b === bins - 1);
          });
          error += Math.abs(members.reduce((sum, { confidence, correct }) => sum + correct - confidence, 0));
        }
        expect(expectedCalibrationError(probabilities, labels, classes, { bins })).toBeCloseTo(
          error / labels.length,
          9,
        );
        const counts = reliabilityBins(probabilities, labels, classes, { bins }).map(({ count }) => count);
        expect(counts.reduce((a, b) => a + b, 0)).toBe(labels.length);
      }),
    );
  });
});

describe('confusionMatrix', () => {
  it('has labels as rows and predictions as columns', () => {
    expect([...confusionMatrix([0, 1, 1, 2], [0, 0, 1, 1], 3)]).toEqual([1, 1, 0, 0, 1, 1, 0, 0, 0]);
  });
});

const nan = Number.NaN;
it.each<[string, string, () => unknown]>([
  ['NaN logits', 'metrics/not-finite', () => accuracy([0, nan], [0], 2)],
  ['+∞', 'metrics/not-finite', () => negativeLogLikelihood([0, Number.POSITIVE_INFINITY], [0], 2)],
  ['only −∞', 'metrics/not-finite', () => softmaxRows([Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY], 2)],
  ['no examples', 'metrics/empty', () => accuracy([], [], 2)],
  ['no predictions', 'metrics/empty', () => confusionMatrix([], [], 2)],
  ['half a row', 'metrics/length-mismatch', () => accuracy([1, 2, 3], [0, 1], 2)],
  ['too few labels', 'metrics/length-mismatch', () => accuracy([1, 2, 3, 4], [0], 2)],
  ['two sizes', 'metrics/length-mismatch', () => agreement([1, 2, 3, 4], [1, 2], 2)],
  ['a missing label', 'metrics/label-range', () => accuracy([1, 2], [-1], 2)],
  ['a label too high', 'metrics/label-range', () => negativeLogLikelihood([1, 2], [2], 2)],
  ['half a label', 'metrics/label-range', () => accuracy([1, 2], [0.5], 2)],
  ['a prediction too high', 'metrics/label-range', () => confusionMatrix([2], [0], 2)],
  ['no classes', 'metrics/bad-option', () => accuracy([1, 2], [0], 0)],
  ['no bins', 'metrics/bad-option', () => reliabilityBins([1, 0], [0], 2, { bins: 0 })],
  ['logits as probabilities', 'metrics/not-probabilities', () => expectedCalibrationError([3, -2], [0], 2)],
  ['a sum of 1.5', 'metrics/not-probabilities', () => expectedCalibrationError([0.75, 0.75], [0], 2)],
  ['NaN probabilities', 'metrics/not-probabilities', () => expectedCalibrationError([nan, 1], [0], 2)],
])('%s: %s', (_, code, call) => {
  expect(call).toThrow(expect.objectContaining({ code }));
});
