import type { TripletDiagram } from './triplet-diagram.js';

/** A sentence where the diagram shows a collapsed embedding (mean cosine of different rows above `threshold`, default 0.95), else null. */
export function collapseWarning(
  { meanOffDiagonal, hardRatio }: Pick<TripletDiagram, 'meanOffDiagonal' | 'hardRatio'>,
  threshold = 0.95,
): string | null {
  if (meanOffDiagonal === null || meanOffDiagonal <= threshold) return null;
  const ratio = hardRatio === null ? '' : `, ${(100 * hardRatio).toFixed(0)} % of the anchors are hard`;
  return (
    `the embedding has collapsed: two different rows have a mean cosine of ${meanOffDiagonal.toFixed(3)}${ratio}. ` +
    'Use the selectively contrastive loss or semi-hard negatives, a smaller learning rate, or start from a trained model.'
  );
}
