import type { Part, TripletConfig } from './config.js';

/** What is trained, and how. All arms of a part start from the same weights and, with the same K, see the same batches. */
export const trainedRoles = {
  hn: 'HN: easy positive and hardest negative, NCA form, τ = 0.1',
  shn: 'SHN: easy positive and hardest negative that is not closer, NCA form, τ = 0.1',
  sct: 'SCT: hardest negatives, selectively contrastive loss, λ = 1, τ = 0.1',
  'sct-lambda-0.1': 'SCT with λ = 0.1',
  'sct-lambda-0.5': 'SCT with λ = 0.5',
  'sct-lambda-2': 'SCT with λ = 2',
  'sct-cutoff-0.8': 'SCT with the mask of the authors’ later code: hard where S_an > S_ap or S_an > 0.8',
  'sct-free': 'SCT on dot products, without normalisation in the loss',
  'sct-k-4': 'SCT with four images of each class, half as many classes',
  'shn-k-4': 'SHN with four images of each class, half as many classes',
  'hn-tau-1': 'HN with τ = 1, that of the paper’s formulas',
  'batch-all': 'all triplets, margin 0.2 on Euclidean distances, mean over those inside the margin',
  'batch-hard': 'hardest positive and hardest negative, margin 0.2 on Euclidean distances',
} as const;

/** What is measured without training. */
export const baselineRoles = {
  pixels: 'raw pixels',
  random: 'the network before training',
} as const;

export type TrainedRole = keyof typeof trainedRoles;
export type Role = TrainedRole | keyof typeof baselineRoles;

/** Shares of the training, in percent, at which the trend of SCT is taken. */
export const stages = [0, 10, 25, 50, 100] as const;

/** Strengths of entanglement. */
export const entanglements = [0, 0.5, 1] as const;

export const levels = {
  'level/collapse': 'a constant: mean cosine 0.95',
  'level/ln-2': 'a constant: the loss of identical embeddings, ln 2',
  'level/half': 'a constant: half of the triplets are hard',
} as const;

/** The roles of a part. */
export const rolesOf = ({ trained }: Part): Role[] => ['pixels', 'random', ...trained];

/** Every arm of some configurations, with what it is. */
export function armsOf(configs: readonly TripletConfig[]): Record<string, string> {
  const roles: Readonly<Record<Role, string>> = { ...trainedRoles, ...baselineRoles };
  const arms: Record<string, string> = { ...levels };
  for (const part of configs.flatMap(({ parts }) => parts)) {
    for (const role of rolesOf(part)) arms[part.prefix + role] = `${part.title}: ${roles[role]}`;
    if (!part.trained.includes('sct')) continue;
    for (const stage of stages)
      arms[`${part.prefix}sct@${stage}`] = `${part.title}: SCT after ${stage} % of its training`;
  }
  for (const p of entanglements) {
    arms[`field/nca@${p}`] = `the NCA form in the hard region of the triplet diagram, entanglement ${p}, first order`;
    arms[`field/sct@${p}`] = `SCT in the hard region of the triplet diagram, entanglement ${p}, first order`;
  }
  return arms;
}
