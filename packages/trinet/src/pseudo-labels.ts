import type { HeadNumber } from './heads.js';

/** Labels that a net gave to unlabelled examples. Parallel arrays. */
export interface PseudoLabels {
  /** Which examples of the unlabelled data, ascending. */
  readonly indices: Int32Array;
  /** Their classes. */
  readonly labels: Int32Array;
  /** Mean of the two labelling heads' largest probabilities. */
  readonly confidence: Float32Array;
}

/** Pseudo-labels after editing. */
export interface EditedPseudoLabels extends PseudoLabels {
  /** k, how often the stochastic passes differed. */
  readonly mismatches: Int32Array;
  /** `[N × K]` row-major, the class of the averaged probabilities in each pass; present where it was asked for. */
  readonly predictions?: Int32Array;
}

/** The pseudo-labels of a head in a round. */
export interface RoundPseudoLabels {
  readonly round: number;
  /** For whom. */
  readonly head: HeadNumber;
  /** What the head is trained on. */
  readonly kept: EditedPseudoLabels;
  /** What editing deleted. */
  readonly removed: EditedPseudoLabels;
}

/** The rows of pseudo-labels at some positions. */
export function selectPseudoLabels<Labels extends PseudoLabels | EditedPseudoLabels>(
  labels: Labels,
  positions: readonly number[],
): Labels {
  const rows = labels.indices.length;
  const selected = Object.entries(labels as unknown as Record<string, Int32Array | Float32Array>).map(
    ([name, values]) => {
      const width = rows === 0 ? 0 : values.length / rows;
      const chosen = values.slice(0, positions.length * width);
      positions.forEach((position, i) => {
        chosen.set(values.subarray(position * width, (position + 1) * width), i * width);
      });
      return [name, chosen];
    },
  );
  return Object.fromEntries(selected) as Labels;
}
