import type { Conformance } from '@tensor-papers/workbench';

export type Engine = Conformance['engines'][number];
export type Case = Conformance['cases'][number];
export type Outcome = Case['results'][string]['forward'];
export type Status = Outcome['status'];

export const DIRECTIONS = ['forward', 'gradient'] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** From good to bad. */
const STATUSES: readonly Status[] = ['ok', 'wrong', 'missing', 'failed'];

/** The worst that an engine made of an operation's cases; undefined where it ran none, null where there is no gradient. */
export function worstStatus(cases: readonly Case[], key: string, direction: Direction): Status | null | undefined {
  const results = cases.flatMap(({ results }) => results[key] ?? []);
  if (results.length === 0) return undefined;
  const found = results.flatMap((result) => result[direction]?.status ?? []);
  return STATUSES.findLast((status) => found.includes(status)) ?? null;
}

/** How many outcomes an engine had in a direction, and how many of them are right. */
export function countRight(cases: readonly Case[], key: string, direction: Direction): { right: number; all: number } {
  const outcomes = cases.flatMap(({ results }) => results[key]?.[direction] ?? []);
  return { right: outcomes.filter(({ status }) => status === 'ok').length, all: outcomes.length };
}

/** Cases by operation, operations by name. */
export function byOperation(cases: readonly Case[]): [op: string, cases: Case[]][] {
  const groups = new Map<string, Case[]>();
  for (const each of cases) groups.set(each.op, [...(groups.get(each.op) ?? []), each]);
  return [...groups].sort(([a], [b]) => a.localeCompare(b, 'en'));
}

/** Engines by name, each as this project repairs it and as TensorFlow.js ships it; either may be missing. */
export function byName(
  engines: readonly Engine[],
): { name: string; ours: Engine | undefined; stock: Engine | undefined }[] {
  return [...new Set(engines.map(({ name }) => name))].map((name) => ({
    name,
    ours: engines.find((engine) => engine.name === name && !engine.stock),
    stock: engines.find((engine) => engine.name === name && engine.stock),
  }));
}
