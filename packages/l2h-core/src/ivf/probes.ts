import { requireInteger } from '../options.js';

/** Lists that a search looks into where it is not told. */
const usual = 8;

/** How many lists to look into: 8 or all where not given. @throws HashOptionError for more than there are, rather than taking all in silence */
export function probesOf(what: string, lists: number, probes = Math.min(usual, lists)): number {
  requireInteger(what, 'probes', probes, 1, lists);
  return probes;
}
