import type { HashingConfig } from './config.js';
import { methods } from './methods.js';

/** Arms of the comparison by labels: `method@bits`. */
export const labelArm = (method: string, bits: number) => `${method}@${bits}`;
/** Arms of the comparison by Euclidean neighbours: `method:bytes`. */
export const neighborArm = (method: string, bytes: number) => `${method}:${bytes}`;

/** How neighbours are found in the comparison by equal bytes. */
export const neighborMethods: Readonly<Record<string, string>> = {
  'itq-hamming': 'iterative quantisation, ranked by Hamming distance',
  'itq-weighted': 'the same, ties of Hamming distance ordered by the query’s projections',
  'itq-asymmetric': 'the same codes, ranked by the distance of the query’s projections to the codes',
  'pq-adc': 'product quantisation, the query as it is',
  'pq-sdc': 'product quantisation, the query quantised too',
  'opq-adc': 'principal directions, then optimised product quantisation',
};

/** The exact searches that have to agree. */
export const searchArms = {
  'search/flat': 'flat scan',
  'search/mih': 'multi-index hashing',
} as const;

/** Every arm of some configurations, with what it is. */
export function armsOf(configs: readonly HashingConfig[]): Record<string, string> {
  const arms: Record<string, string> = {};
  for (const { bits, bytes } of configs) {
    for (const [method, { what, supervised }] of Object.entries(methods)) {
      for (const b of bits) arms[labelArm(method, b)] = `${what}, ${b} bits, ${supervised ? 'with' : 'without'} labels`;
    }
    for (const [method, what] of Object.entries(neighborMethods)) {
      for (const b of bytes) arms[neighborArm(method, b)] = `${what}, ${b} bytes`;
    }
  }
  return { ...arms, ...searchArms };
}
