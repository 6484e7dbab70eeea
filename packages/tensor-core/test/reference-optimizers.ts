/** One parameter tensor of a slow reference, in float64. */
export interface ReferenceParameter {
  readonly values: number[];
  /** Whether weight decay applies to it. */
  readonly decays: boolean;
}

/** Gradients of one step: a list of numbers for each parameter. */
export type ReferenceGradients = readonly (readonly number[])[];

/** Options of {@link referenceSgd}. */
export interface ReferenceSgdOptions {
  readonly momentum: number;
  readonly nesterov: boolean;
  readonly weightDecay: number;
  readonly decoupled: boolean;
}

/** SGD number by number, in the order of the definition; changes the values in place. */
export function referenceSgd(
  parameters: readonly ReferenceParameter[],
  steps: readonly ReferenceGradients[],
  learningRates: readonly number[],
  { momentum, nesterov, weightDecay, decoupled }: ReferenceSgdOptions,
): void {
  parameters.forEach(({ values, decays }, k) => {
    const lambda = decays ? weightDecay : 0;
    for (let i = 0; i < values.length; i++) {
      let velocity = 0;
      steps.forEach((gradients, t) => {
        const rate = learningRates[t]!;
        let g = gradients[k]![i]!;
        if (decoupled) values[i]! *= 1 - rate * lambda;
        else g += lambda * values[i]!;
        velocity = momentum * velocity + g;
        values[i]! -= rate * (nesterov ? g + momentum * velocity : velocity);
      });
    }
  });
}

/** Options of {@link referenceAdamW}. */
export interface ReferenceAdamWOptions {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
}

/** AdamW number by number, in the order of the definition; changes the values in place. */
export function referenceAdamW(
  parameters: readonly ReferenceParameter[],
  steps: readonly ReferenceGradients[],
  learningRates: readonly number[],
  { beta1, beta2, epsilon, weightDecay }: ReferenceAdamWOptions,
): void {
  parameters.forEach(({ values, decays }, k) => {
    for (let i = 0; i < values.length; i++) {
      let m = 0;
      let v = 0;
      steps.forEach((gradients, t) => {
        const rate = learningRates[t]!;
        const g = gradients[k]![i]!;
        if (decays) values[i]! *= 1 - rate * weightDecay;
        m = beta1 * m + (1 - beta1) * g;
        v = beta2 * v + (1 - beta2) * g * g;
        const mHat = m / (1 - beta1 ** (t + 1));
        const vHat = v / (1 - beta2 ** (t + 1));
        values[i]! -= (rate * mHat) / (Math.sqrt(vHat) + epsilon);
      });
    }
  });
}
