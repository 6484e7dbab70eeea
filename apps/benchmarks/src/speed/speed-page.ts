import type { PeerRow, Peers } from '@tensor-papers/workbench';
import { count, formatBytes } from '../format.js';
import { html, type SafeHtml } from '../html.js';
import { renderPage } from '../page.js';
import { copyable } from '../parts/copyable.js';
import { tableBehind } from '../parts/data-table.js';
import { facts } from '../parts/facts.js';
import { PACES, type Pace, paceOf } from './ratio-strip.js';
import { speedTable } from './speed-table.js';

/** The copy of the measurements beside the page. */
export const SPEED_DOWNLOAD = 'peers.json';

export const SPEED_TITLE = 'Speed, against what one would run instead';

const countPace = (rows: readonly PeerRow[], pace: Pace) => rows.filter((row) => paceOf(row) === pace).length;

/** How the comparisons came out, in a few words. */
export function speedSummary({ rows }: Peers): string {
  return `faster in every pair in ${countPace(rows, 'faster')} of ${count(rows.length, 'piece')} of work`;
}

const machineText = ({ cpu, cores, memoryBytes, platform }: PeerRow['machine']) =>
  `${cpu}, ${count(cores, 'core')}, ${formatBytes(memoryBytes)} of memory, ${platform}`;

/** What all rows say of themselves, each text once. */
const each = (rows: readonly PeerRow[], say: (row: PeerRow) => string) => [...new Set(rows.map(say))].join('; ');

function whatRan(rows: readonly PeerRow[]): SafeHtml {
  return facts([
    ['Ours', each(rows, ({ engine }) => `engine ${engine.name} ${engine.version}`)],
    ['Theirs', each(rows, ({ peer, peerVersion }) => `${peer} ${peerVersion}`)],
    ['Threads of each side', each(rows, ({ threads }) => String(threads))],
    ['Machine', each(rows, ({ machine }) => machineText(machine))],
    ['Measurements', html`<a href="${SPEED_DOWNLOAD}">${SPEED_DOWNLOAD}</a>`],
  ]);
}

function allNumbers(rows: readonly PeerRow[]): SafeHtml {
  return tableBehind('Speed: all numbers', {
    columns: [
      ...['Work', 'Ours', 'Theirs', 'Unit', 'Ratio of times', 'Least', 'Most', 'Pairs', 'Our peak memory, MB'],
      ...['Their peak memory, MB', 'Engine', 'Peer', 'Threads', 'Machine'],
    ],
    rows: rows.map((row) => [
      ...[row.work, row.ours, row.theirs, row.unit, row.ratio, row.ratioMin, row.ratioMax, row.pairs],
      ...[row.oursPeakRssBytes, row.theirsPeakRssBytes].map((bytes) => Math.round(bytes / 1e6)),
      ...[`${row.engine.name} ${row.engine.version}`, `${row.peer} ${row.peerVersion}`, row.threads],
      machineText(row.machine),
    ]),
  });
}

/** The page of speed comparisons. */
export function speedPage(peers: Peers): string {
  const { rows } = peers;
  const paces = (Object.keys(PACES) as Pace[]).filter((pace) => pace !== 'even' || countPace(rows, pace) > 0);
  return renderPage({
    title: `${SPEED_TITLE}: tensor-papers`,
    description: 'The same work on the same machine, by this project and by what one would run instead, in turn.',
    home: '../index.html',
    body: html`<h1>${SPEED_TITLE}</h1>
<p class="lead">${count(rows.length, 'piece')} of work, done by this project and by what one would run instead, on the same machine:</p>
<ul class="tally" aria-label="Works by pace">${paces.map(
      (pace) => html`<li class="${pace}"><strong>${countPace(rows, pace)}</strong> <span>${PACES[pace]}</span></li>`,
    )}</ul>
<p class="note">Bar: our time ÷ theirs on a logarithmic axis; to the left of 1 is faster. Line: the least and the most of the pairs. <a href="#how">How it is measured</a></p>
${speedTable(rows)}
${allNumbers(rows)}
<section id="what" aria-labelledby="what-title"><h2 id="what-title">What ran</h2>
${whatRan(rows)}</section>
<section id="how" aria-labelledby="how-title"><h2 id="how-title">How it is measured</h2>
<ul class="prose">
<li><strong>The same work.</strong> Both sides build the same thing, use as many threads, warm up before they time, and report the median of their rounds.</li>
<li><strong>In turn.</strong> Ours, theirs, ours, theirs, and so on, each run in a process of its own: what slows the machine down for a while slows both.</li>
<li><strong>A ratio of times.</strong> Each pair gives our time ÷ their time (a rate is turned into a time first). The ratio shown is the median of the pairs, with the least and the most beside it. Times by themselves depend on the machine and its load; the ratio less so.</li>
<li><strong>No verdict where pairs disagree.</strong> A piece of work counts as faster or slower only if every pair says so.</li>
<li><strong>Memory.</strong> The largest resident memory that a process of either side had, start-up and libraries included.</li>
</ul>
<p>This command measures again and replaces the rows that it ran:</p>
${copyable('npx -y pnpm@10 papers peers', 'Command that measures again')}</section>`,
  });
}
