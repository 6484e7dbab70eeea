import type { ClaimResult } from '@tensor-papers/workbench';
import { count } from '../format.js';
import { html, type SafeHtml, slug } from '../html.js';
import { type ClaimFamily, claimFamilies, verdictsDiffer } from './claim-families.js';
import { effectCell, forestStrip, type Scale, scaleLabels, sharedScale } from './forest-strip.js';
import { differenceInWords, effectMeaning, firstSentence, outcomeInWords, ruleInWords } from './in-words.js';
import { badge, standingOf } from './verdict.js';

/** How a claims table is shown. */
export interface ClaimsTableOptions {
  /** What the table is, for screen readers. */
  label: string;
  /** Anchors of rows start with it. */
  prefix: string;
  /** A demo's effects are shown without a verdict. */
  demo?: boolean;
  /** With the rule, the source and the published numbers of every claim. */
  detailed?: boolean;
  /** Where a claim's row leads to; without it a claim links to itself. */
  href?: (claim: ClaimResult) => string;
  /** What the arms are, by name; told where a claim is explained. */
  armInfo?: Readonly<Record<string, string>> | undefined;
}

/** One scale for all claims of a unit, so that effects can be compared down the table. */
function scalesByUnit(claims: readonly ClaimResult[]): Map<string, Scale> {
  const units = new Set(claims.map(({ unit }) => unit));
  return new Map([...units].map((unit) => [unit, sharedScale(claims.filter((claim) => claim.unit === unit))]));
}

/** Claims of one unit together: they stand over one axis. */
function byUnit(families: readonly ClaimFamily[]): [string, ClaimFamily[]][] {
  const groups = new Map<string, ClaimFamily[]>();
  for (const family of families) groups.set(family.claim.unit, [...(groups.get(family.claim.unit) ?? []), family]);
  return [...groups];
}

function verdictCell(claim: ClaimResult, demo: boolean): SafeHtml {
  if (demo) return html`<span class="badge demo">Demo</span>`;
  if (claim.n === 0) return badge('none', 'Not run');
  const standing = standingOf(claim);
  return html`${badge(standing)}${standing === 'none' && claim.reason && html`<p class="note">${claim.reason}</p>`}`;
}

function details(claim: ClaimResult, armInfo: Readonly<Record<string, string>> = {}): SafeHtml {
  const arms = claim.compare.filter((arm) => armInfo[arm]);
  return html`<details><summary>How this is decided<span class="hidden">: ${claim.id}</span></summary>
<p>${ruleInWords(claim)}</p><p>Effect: ${effectMeaning(claim)}.</p>
${arms.length > 0 && html`<p>${arms.map((arm, index) => html`${index > 0 && ' · '}<strong>${arm}</strong>: ${armInfo[arm]}`)}</p>`}
<p>${claim.source && html`Source: ${claim.source}. `}Interval: ${claim.method === 'bootstrap' ? 'bootstrap' : 'paired t'}, 95 %.</p></details>`;
}

function statement(claim: ClaimResult, repeated: boolean, options: ClaimsTableOptions): SafeHtml {
  const href = options.href?.(claim);
  const on = claim.repeats?.on;
  const text = repeated
    ? html`On ${on}${claim.n > 0 && !options.demo && ':'}`
    : html`${on && html`On ${on}: `}${firstSentence(claim.statement)[0]}`;
  const named = href
    ? html`<a class="self" href="${href}"><span class="id">${claim.id}</span> ${text}</a>`
    : html`<a class="id" href="#${options.prefix}-${slug(claim.id)}" aria-label="Link to ${claim.id}">${claim.id}</a> ${text}`;
  return html`<span class="statement">${named}</span>`;
}

function row(
  claim: ClaimResult,
  original: ClaimResult | undefined,
  scale: Scale,
  options: ClaimsTableOptions,
): SafeHtml {
  const demo = options.demo ?? false;
  const differs = !demo && original !== undefined && verdictsDiffer(original, claim);
  const rest = original ? '' : firstSentence(claim.statement)[1];
  return html`<tr role="row" id="${options.prefix}-${slug(claim.id)}" class="${original && 'repeat'}">
<th role="rowheader" scope="row">${statement(claim, original !== undefined, options)}
${!demo && claim.n > 0 && html`<span class="outcome">${outcomeInWords(claim)}</span>`}
${differs && html`<strong class="differs">${differenceInWords(original, claim)}</strong>`}
${rest && html`<span class="what">${rest}</span>`}
${options.detailed && [claim.published && claim.published !== original?.published && html`<span class="what">Published: ${claim.published}</span>`, details(claim, options.armInfo)]}</th>
<td role="cell" class="verdict">${verdictCell(claim, demo)}</td>
<td role="cell" class="plot ${demo && 'demo'}">${
    claim.effect !== null && [
      forestStrip(demo ? { ...claim, verdict: null } : claim, scale, claim.id),
      html`<span class="row-ticks">${scaleLabels(scale, claim.unit)}</span>`,
    ]
  }</td>
<td role="cell" class="measured">${claim.n > 0 ? html`${effectCell(claim)}${options.detailed && html` <span class="seeds">${count(claim.n, 'seed')}</span>`}` : html`<span class="muted">–</span>`}</td>
</tr>
`;
}

/** Claim × verdict × effect with its interval; what repeats a claim on other data stands under it. */
export function claimsTable(claims: readonly ClaimResult[], options: ClaimsTableOptions): SafeHtml {
  const scales = scalesByUnit(claims);
  const draw = (claim: ClaimResult, original?: ClaimResult) => row(claim, original, scales.get(claim.unit)!, options);
  return html`<table class="claims" role="table" aria-label="${options.label}">
<colgroup><col class="c-claim"><col class="c-verdict"><col class="c-plot"><col class="c-effect"></colgroup>
<thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Claim</th><th role="columnheader" scope="col">Verdict</th><th role="columnheader" scope="col">Effect against the claim</th><th role="columnheader" scope="col">Effect, 95 % interval</th></tr></thead>
${byUnit(claimFamilies(claims)).map(([unit, group]) => {
  const measured = group.some(({ claim, repeats }) => [claim, ...repeats].some(({ effect }) => effect !== null));
  return html`<tbody role="rowgroup">${group.map(({ claim, repeats }) => [
    draw(claim),
    ...repeats.map((repeat) => draw(repeat, claim)),
  ])}${
    measured &&
    html`<tr class="axis" aria-hidden="true"><td></td><td></td><td class="plot">${scaleLabels(scales.get(unit)!, unit)}</td><td></td></tr>`
  }</tbody>`;
})}
</table>`;
}
