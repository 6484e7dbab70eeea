// REPLACE: what is compared. The claims of paper.json name these arms.

/** Every arm: what it is, and its ε. */
export const arms = {
  'one-hot': { smoothing: 0, what: 'trained on one-hot labels (control)' },
  smoothed: { smoothing: 0.1, what: 'trained on labels smoothed by 0.1, the paper’s value' },
  'smoothed-0.2': { smoothing: 0.2, what: 'trained on labels smoothed by 0.2' },
  'smoothed-0.4': { smoothing: 0.4, what: 'trained on labels smoothed by 0.4' },
} as const;

export type ArmName = keyof typeof arms;
