import { html, type SafeHtml } from '../html.js';
import { exampleStrip } from './forest-strip.js';
import { badge, type Standing } from './verdict.js';

const claimed = { kind: 'superiority', better: 'higher', margin: 0, unit: '' } as const;

const EXAMPLES: readonly { standing: Standing; effect: number; ci95: [number, number]; text: string }[] = [
  {
    standing: 'supported',
    effect: 0.45,
    ci95: [0.15, 0.75],
    text: 'The whole interval lies on the side that the claim asserts.',
  },
  {
    standing: 'contradicted',
    effect: -0.5,
    ci95: [-0.78, -0.22],
    text: 'The whole interval lies on the other side.',
  },
  {
    standing: 'inconclusive',
    effect: 0.12,
    ci95: [-0.3, 0.54],
    text: 'The interval reaches to both sides: these seeds cannot tell.',
  },
];

/** What the strips of a claims table show, with a link to the explanation. */
export const stripKey = (explanation: string): SafeHtml =>
  html`<p class="note">Dot: mean effect over the seeds. Line: its 95 % interval. Shaded: what the claim asserts. <a href="${explanation}">How a verdict is computed</a></p>`;

/** How a verdict comes about, in plain words and with a made-up example of each. */
export function howVerdictsWork(): SafeHtml {
  return html`<section id="verdicts" aria-labelledby="verdicts-title">
<h2 id="verdicts-title">How a verdict is computed</h2>
<p>A claim is written down before any run: which two methods are compared, by which measure, and how large a difference has to be.
Every seed trains both methods on the same data, which gives one difference per seed. The dot is their mean, the line the 95 % interval of that mean,
and the shaded stretch is what the claim asserts. A program then compares the two; nobody decides by hand.</p>
<ul class="rules">${EXAMPLES.map(
    ({ standing, effect, ci95, text }) => html`<li>
${badge(standing)}
${exampleStrip({ ...claimed, effect, ci95, verdict: standing === 'none' ? null : standing }, `Example of a ${standing} claim`)}
<p>${text}</p></li>`,
  )}</ul>
<ul class="prose">
<li><strong>Better than.</strong> The interval has to lie beyond the margin, which is zero unless the claim names another.</li>
<li><strong>Not worse than.</strong> The interval may reach below zero, but not below the margin (the dashed line).</li>
<li><strong>As good as.</strong> The interval has to lie between the two margins.</li>
<li><strong>Trend.</strong> The difference is the slope over several methods in a stated order, fitted seed by seed.</li>
<li><strong>Exactly equal.</strong> All values have to be the same in every seed; there is no interval.</li>
</ul>
<p>One seed, and runs that are sized for a demo, get no verdict. An inconclusive result is a result about these seeds, not a proof that there is no difference.
The published numbers come from larger set-ups, as each paper's page states, and are no part of a verdict.</p>
</section>`;
}
