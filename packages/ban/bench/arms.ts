import type { BanConfig, Part } from './config.js';

/** Every role an arm can have in a part of the experiment. Students have their teacher's architecture unless said otherwise. */
export const roles = {
  teacher: 'trained on labels: the teacher of every arm of its part that has one',
  'teacher-2': 'the same with another seed (control)',
  'teacher-3': 'the same with a third seed (control)',
  ban: 'BAN-1: student of the teacher, soft targets only',
  'ban-2': 'BAN-2: student of BAN-1',
  'ban-3': 'BAN-3: student of BAN-2',
  'ban+l': 'student of the teacher, labels and soft targets',
  cwtm: 'labels, each image weighted by the teacher’s largest probability',
  dkpp: 'soft targets with the non-argmax probabilities permuted',
  smoothMax: 'soft targets with the non-argmax probabilities averaged (noise-free control of dkpp)',
  'bane-2': 'ensemble of BAN-1 and BAN-2 (mean probabilities)',
  'bane-3': 'ensemble of BAN-1, BAN-2 and BAN-3',
  'teacher+bane-2': 'ensemble of the teacher, BAN-1 and BAN-2',
  'ensemble-2-teachers': 'ensemble of two independent teachers (control of bane-2)',
  'ensemble-3-teachers': 'ensemble of three independent teachers (control of bane-3)',
  'cross/mlp-ce': 'multi-layer perceptron trained on labels (control)',
  'cross/cnn-to-mlp': 'multi-layer perceptron, student of the convolutional teacher',
  'cross/mlp-to-cnn': 'convolutional net, student of the multi-layer perceptron',
} as const;

export type Role = keyof typeof roles;

/** Members of an ensemble, by its role. */
export const ensembles: Readonly<Partial<Record<Role, readonly Role[]>>> = {
  'bane-2': ['ban', 'ban-2'],
  'bane-3': ['ban', 'ban-2', 'ban-3'],
  'teacher+bane-2': ['teacher', 'ban', 'ban-2'],
  'ensemble-2-teachers': ['teacher', 'teacher-2'],
  'ensemble-3-teachers': ['teacher', 'teacher-2', 'teacher-3'],
};

/** The roles of a part: those that it trains, and the ensembles whose members it trains. */
export function rolesOf({ trained }: Part): Role[] {
  const isThere = (role: Role) =>
    trained.includes(role) || (ensembles[role]?.every((m) => trained.includes(m)) ?? false);
  return (Object.keys(roles) as Role[]).filter(isThere);
}

/** Every arm of some configurations, with what it is: `prefix` of its part, then its role. */
export function armsOf(configs: readonly BanConfig[]): Record<string, string> {
  const arms: Record<string, string> = {};
  for (const part of configs.flatMap(({ parts }) => parts)) {
    for (const role of rolesOf(part)) arms[part.prefix + role] = `${part.title}: ${roles[role]}`;
  }
  return arms;
}
