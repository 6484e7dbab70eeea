import { averagePrecision } from '@tensor-papers/numerics/metrics';
import type { GoldenCalls } from '@tensor-papers/tools/golden';
import {
  expectedAveragePrecision,
  expectedPrecisionAt,
  precisionRecallByRadius,
  radiusCounts,
} from '../src/evaluation/radius-counts.js';

interface Inputs {
  distances: number[];
  relevant: number[];
}

export const evaluationCalls: GoldenCalls = {
  'evaluation-2_5-expected-ap': (
    { distances, relevant }: Inputs,
    { bits, N, K }: { bits: number; N: number; K: number },
  ) => {
    const counts = radiusCounts(distances, relevant, bits);
    const { precision, recall } = precisionRecallByRadius(counts);
    const byPlace = { better: 'lower', ties: 'index' } as const;
    const first = relevant
      .map((flag, i) => ({ flag, distance: distances[i]!, i }))
      .sort((a, b) => a.distance - b.distance || a.i - b.i)
      .slice(0, N)
      .reduce((sum, { flag }) => sum + flag, 0);
    const ball = Math.min(2, bits);
    return {
      apTies: expectedAveragePrecision(counts),
      apTiesAtK: expectedAveragePrecision(counts, K),
      ap: averagePrecision(distances, relevant, byPlace),
      apAtK: averagePrecision(distances, relevant, { ...byPlace, cutoff: N }),
      apAtKFound: averagePrecision(distances, relevant, { ...byPlace, cutoff: N, divideBy: 'found' }),
      precisionAtN: first / N,
      recallAtN: first / relevant.reduce((sum, flag) => sum + flag, 0),
      radiusPrecision: precision,
      radiusRecall: recall,
      precisionRadius2: precision[ball],
      emptyBall: counts.items.slice(0, ball + 1).every((count) => count === 0),
      expectedPrecisionAtN: expectedPrecisionAt(counts, N),
    };
  },
  '2_5-mean-over-queries': ({ distances, relevant }: { distances: number[][]; relevant: number[][] }) => {
    const bits = Math.max(0, ...distances.flat());
    const each = distances.map((row, q) => expectedAveragePrecision(radiusCounts(row, relevant[q]!, bits)));
    const known = each.filter((ap) => !Number.isNaN(ap));
    return { map: known.reduce((sum, ap) => sum + ap, 0) / known.length, queries: known.length };
  },
};
