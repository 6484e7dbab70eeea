import { canonicalJson } from '../json.js';
import type { Surroundings } from './schema.js';

/** What all seeds stood on; where they differ, that is left out and a note says so. */
export function commonSurroundings(all: readonly Surroundings[]): { surroundings: Surroundings; notes: string[] } {
  const fields = ['tfjs', 'node', 'machine'] as const;
  const differing = fields.filter((field) => new Set(all.map((each) => canonicalJson(each[field] ?? null))).size > 1);
  const common = Object.entries(all[0] ?? {}).filter(([field]) => !differing.some((name) => name === field));
  return {
    surroundings: Object.fromEntries(common),
    notes: differing.length === 0 ? [] : [`Seeds ran on different ${differing.join(', ')}.`],
  };
}
