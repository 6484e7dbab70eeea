import type { Result } from '@tensor-papers/workbench';
import { count, formatBytes, formatDuration } from '../format.js';
import { html, type SafeHtml } from '../html.js';
import { scrollBox } from '../parts/data-table.js';
import { facts } from '../parts/facts.js';
import { rawValues } from './raw-values.js';

function machineText(machine: Result['machine']): string {
  return typeof machine === 'string'
    ? machine
    : Object.entries(machine as Record<string, unknown>)
        .map(([name, value]) => `${name} ${String(value)}`)
        .join(', ');
}

function dataTable(data: Result['data']): SafeHtml {
  return scrollBox(
    'Data sets',
    html`<table class="data sources"><thead><tr><th scope="col">Data</th><th scope="col">Licence</th><th scope="col">sha256</th></tr></thead><tbody>${data.map(
      ({ id, sha256, licence, citation }) =>
        html`<tr><th scope="row">${id}${citation && html`<br><span class="muted">${citation}</span>`}</th><td>${licence ?? '–'}</td><td><code>${sha256}</code></td></tr>`,
    )}</tbody></table>`,
  );
}

/** The exact command, what it ran on, and everything that the numbers can be recomputed from. */
export function reproduce(result: Result, download: string, level: 3 | 4): SafeHtml {
  const heading = (text: string) => (level === 3 ? html`<h3>${text}</h3>` : html`<h4>${text}</h4>`);
  const { engine, source } = result;
  return html`<pre tabindex="0"><code>${result.command}</code></pre>
${facts([
  ['Preset', `${result.preset}${result.partial ? ' (stopped early: partial)' : ''}`],
  ['Seeds', result.seeds.join(', ')],
  [
    'Engine',
    `${engine.name} ${engine.version}, ${engine.threads === null ? 'threads not known' : count(engine.threads, 'thread')} per seed`,
  ],
  ['Versions', `TensorFlow.js ${result.tfjs}, Node ${result.node}`],
  ['Machine', machineText(result.machine)],
  [
    'Time and memory',
    `${formatDuration(result.wallSeconds)}, at most ${formatBytes(result.peakRssBytes)} in one process`,
  ],
  ['Source', html`commit <code>${source.commit ?? 'not known'}</code>, hash <code>${source.hash}</code>`],
  ['Result file', html`<a href="${download}">${download.split('/').at(-1) ?? download}</a>`],
])}
${result.data.length > 0 && [heading('Data'), dataTable(result.data)]}
${heading('Values of every seed')}
${rawValues(result)}
<details><summary>Configuration</summary><pre tabindex="0"><code>${JSON.stringify(result.config, null, 2)}</code></pre></details>`;
}
