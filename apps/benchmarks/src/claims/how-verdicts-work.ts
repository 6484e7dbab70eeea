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
  html`<p class="note">Dot: mean effect over the seeds. Line: its 95 % interval. Shaded: what the claim asserts. Strips of one paper and unit share a scale; an arrow: beyond it. <a href="${explanation}">How a verdict is computed</a></p>`;

/** How a verdict comes about, in plain words and with a made-up example of each. */
export function howVerdictsWork(): SafeHtml {
  return html`<section id="verdicts" aria-labelledby="verdicts-title">
<h2 id="verdicts-title">How a verdict is computed</h2>
<p>A claim is written down before any run: which two methods are compared, by which measure, and how large a difference has to be.
Then both methods are run, and a program compares the outcome with the claim. Nobody decides by hand.</p>
<dl class="terms">
<div><dt>Seed</dt><dd>A number that fixes everything random: the starting weights, the order of the images. Several seeds show how much of a result is luck.</dd></div>
<div><dt>Paired difference</dt><dd>In each seed both methods get the same data. Their difference within the seed counts: what makes a seed easy or hard for both falls out. Five seeds give five differences; the dot is their mean, the <em>effect</em>.</dd></div>
<div><dt>Interval</dt><dd>Other seeds would give another mean. The line is the 95 % interval: computed this way, it holds the mean of endlessly many seeds in 95 of 100 cases. It is narrow when the seeds agree and when there are many.</dd></div>
<div><dt>Margin</dt><dd>The difference that counts as too small to matter, in the unit of the measure. It is part of the claim and drawn as a dashed line; where none is named it is zero.</dd></div>
</dl>
<p>The shaded stretch is what the claim asserts. The verdict says where the whole interval lies:</p>
<ul class="rules">${EXAMPLES.map(
    ({ standing, effect, ci95, text }) => html`<li>
${badge(standing)}
${exampleStrip({ ...claimed, effect, ci95, verdict: standing === 'none' ? null : standing }, `Example of a ${standing} claim`)}
<p>${text}</p></li>`,
  )}</ul>
<ul class="prose">
<li><strong>Better than.</strong> The interval has to lie beyond the margin.</li>
<li><strong>Not worse than.</strong> The interval may reach below zero, but not below the margin.</li>
<li><strong>As good as.</strong> The interval has to lie between the margin below zero and the margin above it.</li>
<li><strong>Trend.</strong> The difference is the slope over several methods in a stated order, fitted seed by seed.</li>
<li><strong>Exactly equal.</strong> All values have to be the same in every seed; there is no interval.</li>
</ul>
<p>One seed, and runs that are sized for a demo, get no verdict. <em>Inconclusive</em> means that these seeds cannot tell, not that there is no difference.
With several claims of one paper, one in twenty intervals misses by chance; none of them is corrected for that. The published numbers come from larger set-ups, as each paper's page states, and are no part of a verdict.</p>
</section>`;
}
