import type { Part, TriNetConfig } from './config.js';

/** What is trained in a part. All have the same initialisation, batches and number of steps. */
export const trainedRoles = {
  trinet: 'Tri-net',
  'supervised-extra': 'the same phases and steps, but no pseudo-label is used: labels alone',
  'self-training': 'each head labels for itself: same thresholds, editing and steps (control)',
  'no-diversity': 'Tri-net without output smearing and without fine-tuning',
  oracle: 'Tri-net whose accepted pseudo-labels are replaced by the true ones (upper bound)',
  'no-smearing': 'Tri-net without output smearing',
  'no-fine-tuning': 'Tri-net without fine-tuning (the threshold falls all the same)',
  'no-des': 'Tri-net without pseudo-label editing',
  'identical-heads': 'Tri-net with three heads of one architecture',
} as const;

/** What is measured on the way of Tri-net. */
export const measuredRoles = {
  supervised: 'the three heads after initialisation alone',
  'trinet/accepted-labels': 'pseudo-labels of Tri-net before editing (mean over rounds and heads)',
  'trinet/kept-labels': 'pseudo-labels of Tri-net after editing (mean over rounds and heads)',
  'trinet/smeared-start': 'heads after initialisation with output smearing (that of the first threshold)',
  'trinet/plain-start': 'heads after initialisation without output smearing',
  'trinet/before-fine-tuning': 'heads of Tri-net before its fine-tuning rounds (mean over them)',
  'trinet/after-fine-tuning': 'heads of Tri-net after its fine-tuning rounds (mean over them)',
} as const;

export type TrainedRole = keyof typeof trainedRoles;
export type Role = TrainedRole | keyof typeof measuredRoles;

const roles: Readonly<Record<Role, string>> = { ...trainedRoles, ...measuredRoles };

/** The roles of a part: those that it trains, and what is measured on the way. */
export function rolesOf({ trained }: Part): Role[] {
  if (!trained.includes('trinet')) return [...trained];
  const measured = Object.keys(measuredRoles) as Role[];
  const isThere = (role: Role) =>
    role !== 'trinet/plain-start' || trained.some((each) => each === 'no-diversity' || each === 'no-smearing');
  return [...trained, ...measured.filter(isThere)];
}

/** Every arm of some configurations, with what it is: `prefix` of its part, then its role. */
export function armsOf(configs: readonly TriNetConfig[]): Record<string, string> {
  const arms: Record<string, string> = {};
  for (const part of configs.flatMap(({ parts }) => parts)) {
    for (const role of rolesOf(part)) arms[part.prefix + role] = `${part.title}: ${roles[role]}`;
  }
  return arms;
}
