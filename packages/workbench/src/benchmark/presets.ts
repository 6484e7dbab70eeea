/** The presets, from the smallest to the largest; README and design say what each is for. */
export const presetNames = ['smoke', 'quick', 'standard', 'study', 'paper'] as const;

export type PresetName = (typeof presetNames)[number];

/** Presets that show that something runs; their results never get a verdict. */
export const presetsWithoutVerdict: readonly PresetName[] = ['smoke', 'quick'];
