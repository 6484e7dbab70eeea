import { type ClaimResult, seedEffects } from '@tensor-papers/workbench';
import { claimFamilies } from '../claims/claim-families.js';
import { claimedRegion } from '../claims/claimed-region.js';
import { forestStrip, type Scale, sharedScale } from '../claims/forest-strip.js';
import { unitSuffix } from '../claims/in-words.js';
import { badge, standingOf } from '../claims/verdict.js';
import { count, formatSignificant } from '../format.js';
import { html, type SafeHtml, slug } from '../html.js';
import { scrollBox } from '../parts/data-table.js';
import type { ReportResult } from '../report-result.js';

/** A claim, its effect in every seed, and how many of them lie where the claim says. */
interface Spread {
  claim: ClaimResult;
  differences: number[];
  agreeing: number;
}

function spreads({ claims, ...run }: ReportResult): Spread[] {
  const ordered = claimFamilies(claims).flatMap(({ claim, repeats }) => [claim, ...repeats]);
  return ordered.flatMap((claim) => {
    const differences = claim.kind === 'exact' ? [] : seedEffects(claim, run.arms, run.seeds);
    const { from, to } = claimedRegion(claim);
    const agreeing = differences.filter((difference) => difference > from && difference < to).length;
    return differences.length > 0 ? [{ claim, differences, agreeing }] : [];
  });
}

function scaleOf(all: readonly Spread[], unit: string): Scale {
  const same = all.filter(({ claim }) => claim.unit === unit);
  const differencesOf = new Map(same.map(({ claim, differences }) => [claim, differences]));
  return sharedScale([...differencesOf.keys()], (claim) => differencesOf.get(claim)!);
}

/** What the intervals stand on: the effect of every seed, and how far the seeds agree; null where there is nothing to say. */
export function howSure(result: ReportResult): SafeHtml | null {
  const all = spreads(result);
  if (all.length === 0) return null;
  const scales = new Map(all.map(({ claim: { unit } }) => [unit, scaleOf(all, unit)]));
  const rows = all.map(({ claim, differences, agreeing }) => {
    const scale = scales.get(claim.unit)!;
    const half = claim.ci95 && formatSignificant((claim.ci95[1] - claim.ci95[0]) / 2);
    const on = claim.repeats && html` on ${claim.repeats.on}`;
    return html`<tr><th scope="row"><a class="id" href="#claim-${slug(claim.id)}">${claim.id}</a>${on}</th>
<td class="verdict">${badge(standingOf(claim))}</td>
<td class="plot">${forestStrip(claim, scale, `${claim.id}, every seed`, differences)}</td>
<td class="number">${agreeing} of ${differences.length}</td>
<td class="number">${half ? `mean ± ${half}${unitSuffix(claim.unit)}` : '–'}</td>
</tr>
`;
  });
  const { seeds } = result;
  return html`<p>Each tick below a line is one seed: the difference between the compared methods in that seed. ${
    seeds.length > 1
      ? html`The interval comes from how far these ${count(seeds.length, 'difference')} lie apart; the further apart they are, and the fewer, the wider it is.`
      : 'One seed has no spread, so there is no interval and no verdict.'
  }</p>
${scrollBox(
  'How far the seeds agree, by claim',
  html`<table class="data sure"><caption class="hidden">How far the seeds agree, by claim</caption>
<thead><tr><th scope="col">Claim</th><th scope="col" class="verdict">Verdict</th><th scope="col">Every seed</th><th scope="col" class="number">Seeds where it holds</th><th scope="col" class="number">95 % interval</th></tr></thead>
<tbody>${rows}</tbody></table>`,
)}
<p class="note">The interval tells how much another choice of seeds would move the mean. It does not cover another data set, another network or other settings. <a href="../index.html#verdicts">How a verdict is computed</a></p>`;
}
