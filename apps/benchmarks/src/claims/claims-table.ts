import type { ClaimResult } from '@tensor-papers/workbench';
import { count } from '../format.js';
import { html, type SafeHtml, slug } from '../html.js';
import { effectCell, forestStrip, type Scale, scaleLabels, sharedScale } from './forest-strip.js';
import { effectMeaning, ruleInWords } from './in-words.js';
import { badge, standingOf } from './verdict.js';

/** How a claims table is shown. */
export interface ClaimsTableOptions {
  /** What the table is, for screen readers. */
  label: string;
  /** Anchors of rows start with it. */
  prefix: string;
  /** A demo's effects are shown without a verdict. */
  demo?: boolean;
  /** With the rule and the source of every claim. */
  detailed?: boolean;
  /** Where a claim's row leads to. */
  href?: (claim: ClaimResult) => string;
}

/** Claims of one unit together: they share a scale. */
function byUnit(claims: readonly ClaimResult[]): [string, ClaimResult[]][] {
  const groups = new Map<string, ClaimResult[]>();
  for (const claim of claims) groups.set(claim.unit, [...(groups.get(claim.unit) ?? []), claim]);
  return [...groups];
}

function verdictCell(claim: ClaimResult, demo: boolean): SafeHtml {
  if (demo) return html`<span class="badge demo">Demo</span>`;
  if (claim.n === 0) return badge('none', 'Not run');
  const standing = standingOf(claim);
  return html`${badge(standing)}${standing === 'none' && claim.reason && html`<p class="note">${claim.reason}</p>`}`;
}

function row(claim: ClaimResult, scale: Scale, options: ClaimsTableOptions): SafeHtml {
  const statement = options.href
    ? html`<a class="self" href="${options.href(claim)}">${claim.statement}</a>`
    : claim.statement;
  const details =
    options.detailed &&
    html`<details><summary>How this is decided</summary>
<p>${ruleInWords(claim)}</p><p>Effect: ${effectMeaning(claim)}.</p>
<p>${claim.source && html`Source: ${claim.source}. `}Interval: ${claim.method === 'bootstrap' ? 'bootstrap' : 'paired t'}, 95 %.</p></details>`;
  return html`<tr role="row" id="${options.prefix}-${slug(claim.id)}">
<th role="rowheader" scope="row"><span class="statement"><span class="id">${claim.id}</span>${statement}</span>${details}</th>
<td role="cell" class="verdict">${verdictCell(claim, options.demo ?? false)}</td>
<td role="cell" class="plot ${options.demo ? 'demo' : ''}">${
    claim.effect !== null && [
      forestStrip(options.demo ? { ...claim, verdict: null } : claim, scale, claim.id),
      html`<span class="row-ticks">${scaleLabels(scale, claim.unit)}</span>`,
    ]
  }</td>
<td role="cell" class="measured">${claim.n > 0 ? html`${effectCell(claim, scale)}${options.detailed && html` <span class="seeds">${count(claim.n, 'seed')}</span>`}` : html`<span class="muted">–</span>`}</td>
<td role="cell" class="published${!claim.published && ' none-published'}">${claim.published ?? '–'}</td>
</tr>
`;
}

/** Claim × verdict × effect with its interval, ours beside the published one. */
export function claimsTable(claims: readonly ClaimResult[], options: ClaimsTableOptions): SafeHtml {
  return html`<table class="claims" role="table" aria-label="${options.label}">
<colgroup><col class="c-claim"><col class="c-verdict"><col class="c-plot"><col class="c-effect"><col class="c-published"></colgroup>
<thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Claim</th><th role="columnheader" scope="col">Verdict</th><th role="columnheader" scope="col">Effect against the claim</th><th role="columnheader" scope="col">Effect, 95 % interval</th><th role="columnheader" scope="col">Published</th></tr></thead>
${byUnit(claims).map(([unit, group]) => {
  const scale = sharedScale(group);
  const measured = group.some(({ effect }) => effect !== null);
  return html`<tbody role="rowgroup">${group.map((claim) => row(claim, scale, options))}${
    measured &&
    html`<tr class="axis" aria-hidden="true"><td></td><td></td><td class="plot">${scaleLabels(scale, unit)}</td><td></td><td></td></tr>`
  }</tbody>`;
})}
</table>`;
}
