import type { ClaimResult } from '@tensor-papers/workbench';
import { html, type SafeHtml } from '../html.js';

/** A verdict as it is shown: also `none` (too little data for one), `demo` and `missing` (not run). */
export type Standing = 'supported' | 'contradicted' | 'inconclusive' | 'none';

/** Every standing with its sign (colour alone would not reach everybody) and its words. */
export const STANDINGS: Record<Standing, { sign: string; label: string; plural: string }> = {
  supported: { sign: '✓', label: 'Supported', plural: 'supported' },
  contradicted: { sign: '✕', label: 'Contradicted', plural: 'contradicted' },
  inconclusive: { sign: '?', label: 'Inconclusive', plural: 'inconclusive' },
  none: { sign: '–', label: 'No verdict', plural: 'without a verdict' },
};

/** The standing of a claim; `undefined` is a claim without a result. */
export function standingOf(claim: Pick<ClaimResult, 'verdict'> | undefined): Standing {
  return claim?.verdict ?? 'none';
}

/** How many claims stand how. */
export function countStandings(claims: readonly Pick<ClaimResult, 'verdict'>[]): Record<Standing, number> {
  const counts: Record<Standing, number> = { supported: 0, contradicted: 0, inconclusive: 0, none: 0 };
  for (const claim of claims) counts[standingOf(claim)] += 1;
  return counts;
}

/** The verdict as a labelled badge. */
export function badge(standing: Standing, label = STANDINGS[standing].label): SafeHtml {
  return html`<span class="badge ${standing}"><span class="sign" aria-hidden="true">${STANDINGS[standing].sign}</span> ${label}</span>`;
}
