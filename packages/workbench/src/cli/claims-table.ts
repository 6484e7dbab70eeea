import type { ClaimResult } from '../claims/claim.js';
import { textTable } from './text-table.js';

/** Three significant digits and a sign: `+0.312`, `−12.5`, `0`. */
function signed(value: number): string {
  const digits = String(Number(Math.abs(value).toPrecision(3)));
  return digits === '0' ? '0' : `${value > 0 ? '+' : '−'}${digits}`;
}

/** The claims of a run as text: effect, interval, seeds, and the verdict or why there is none. */
export function claimsTable(claims: readonly ClaimResult[]): string {
  const head = ['claim', 'compares', 'effect', '95 % interval', 'seeds', 'verdict'];
  const rows = claims.map(({ id, kind, compare, metric, unit, effect, ci95, n, verdict, reason }) => [
    id,
    `${kind}: ${metric} of ${compare.join(', ')}`,
    effect === null ? '–' : `${signed(effect)} ${unit}`.trim(),
    ci95 ? `${signed(ci95[0])} … ${signed(ci95[1])}` : '–',
    String(n),
    verdict ?? `none: ${reason}`,
  ]);
  return textTable([head, ...rows]);
}
