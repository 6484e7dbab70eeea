import { type Figure, pngDataUri } from '@tensor-papers/workbench';
import { type MotionOptions, type VectorField, vectorField } from '../../src/index.js';
import { dragged, terms } from '../field.js';

const side = 240;

/** Arrows on white, S_ap to the right and S_an up, as a grey picture with the diagonal. */
function drawField({ from, change }: VectorField, scale: number): string {
  const pixels = new Uint8Array(side * side).fill(255);
  const put = (x: number, y: number, value: number) => {
    const [column, row] = [Math.round(x * (side - 1)), Math.round((1 - y) * (side - 1))];
    if (column >= 0 && column < side && row >= 0 && row < side) pixels[row * side + column] = value;
  };
  for (let i = 0; i < side; i++) put(i / (side - 1), i / (side - 1), 200);
  for (const [i, x] of from.positive.entries()) {
    const y = from.negative[i]!;
    const [dx, dy] = [scale * change.positive[i]!, scale * change.negative[i]!];
    for (let t = 0; t <= side; t++) put(x + (dx * t) / side, y + (dy * t) / side, 90);
    // A square where the arrow ends.
    for (const u of [-1, 0, 1]) for (const v of [-1, 0, 1]) put(x + dx + u / side, y + dy + v / side, 0);
  }
  return pngDataUri(pixels, side, side, 1);
}

/** Where one step sends a triplet from each place of the triplet diagram. */
export function fields(): Figure {
  const field = (options: Omit<MotionOptions, 'term'>, loss: keyof typeof terms = 'nca') =>
    vectorField({ term: terms[loss], learningRate: 0.1, resolution: 16, ...options });
  const panels = [
    ['NCA form, normalisation left out', field({ motion: 'products' })],
    ['NCA form, normalised', field({ motion: 'step' })],
    ['NCA form, normalised, entanglement 0.5', field({ motion: 'step', entanglement: 0.5 })],
    ['NCA form, normalised, entanglement 1', field({ motion: 'step', entanglement: 1 })],
    ['SCT, normalised, entanglement 0.5', field({ motion: 'step', entanglement: 0.5 }, 'sct')],
    ['SCT, normalised, entanglement 1', field({ motion: 'step', entanglement: 1 }, 'sct')],
  ] as const;
  return {
    kind: 'image-grid',
    id: 'vector-fields',
    title: 'Where a step sends a triplet',
    columns: 2,
    images: panels.map(([title, arrows]) => ({ title, image: drawField(arrows, 0.6) })),
    caption:
      'S_ap to the right, S_an up, both 0 … 1, with the diagonal; each line goes from a triplet towards where a step of size 0.1 sends it and ends in a dot (0.6 of its length). Without normalisation everything moves to the lower right. With it, triplets near the top hardly move down; entangled ones are dragged up to the corner of collapse. SCT leaves the positive of hard triplets alone.',
    alt: 'Six vector fields over the triplet diagram: the NCA form without and with normalisation and with entangled pairs, and SCT with entangled pairs.',
  };
}

/** The part of the hard region in which the negative comes closer. */
export function draggedShares(): Figure {
  const strengths = Array.from({ length: 21 }, (_, i) => i / 20);
  const line = (name: string, loss: keyof typeof terms, motion: 'firstOrder' | 'step') => ({
    name,
    points: strengths.map((p) => ({ x: p, y: dragged(loss, p, motion) })),
  });
  return {
    kind: 'curve',
    id: 'dragged-share',
    title: 'Hard negatives that come closer',
    x: { label: 'entanglement p' },
    y: { label: 'part of the hard region', unit: '%' },
    series: [
      line('NCA form, first order', 'nca', 'firstOrder'),
      line('NCA form, step of 0.1', 'nca', 'step'),
      line('SCT, first order', 'sct', 'firstOrder'),
      line('SCT, step of 0.1', 'sct', 'step'),
    ],
    caption: 'Share of the area with 0 ≤ S_ap < S_an ≤ 1 in which S_an grows, computed from the equations.',
    alt: 'Share of the hard region in which the negative moves towards the anchor, over the entanglement: growing for the NCA form, 0 for SCT.',
  };
}
