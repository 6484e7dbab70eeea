import { draggedShare, ncaTerm, selectivelyContrastiveTerm } from '../src/index.js';
import { entanglements } from './arms.js';
import type { ArmMetrics } from './evaluate.js';

/** The paper's formulas have no temperature. */
export const terms = { nca: ncaTerm({ temperature: 1 }), sct: selectivelyContrastiveTerm({ temperature: 1 }) };

/** Of the hard region, in percent, where the negative moves towards the anchor. */
export const dragged = (loss: keyof typeof terms, entanglement: number, motion: 'firstOrder' | 'step') =>
  100 * draggedShare({ term: terms[loss], entanglement, motion, ...(motion === 'step' ? { learningRate: 0.1 } : {}) });

/** The arms of the analysis: the same for every seed. */
export const fieldArms = (): Record<string, ArmMetrics> =>
  Object.fromEntries(
    entanglements.flatMap((p) =>
      (['nca', 'sct'] as const).map((loss) => [
        `field/${loss}@${p}`,
        { 'dragged-share': dragged(loss, p, 'firstOrder'), 'dragged-share-step': dragged(loss, p, 'step') },
      ]),
    ),
  );

export const levelArms: Readonly<Record<string, ArmMetrics>> = {
  'level/collapse': { 'mean-cosine': 0.95 },
  'level/ln-2': { 'final-loss': Math.LN2 },
  'level/half': { 'hard-ratio': 0.5 },
};
