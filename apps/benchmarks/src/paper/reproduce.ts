import { count, formatBytes, formatDuration } from '../format.js';
import { html, type SafeHtml } from '../html.js';
import { copyable } from '../parts/copyable.js';
import { scrollBox } from '../parts/data-table.js';
import { facts } from '../parts/facts.js';
import type { ReportResult } from '../report-result.js';

function machineText(machine: ReportResult['machine']): string {
  if (!machine) return 'not the same for all seeds';
  const { cpu, cores, memoryBytes, platform } = machine;
  return `${cpu}, ${count(cores, 'core')}, ${formatBytes(memoryBytes)} of memory, ${platform}`;
}

function dataTable(data: ReportResult['data']): SafeHtml {
  return scrollBox(
    'Data sets',
    html`<table class="data sources"><caption class="hidden">Data sets</caption><thead><tr><th scope="col">Data</th><th scope="col">Licence</th><th scope="col">sha256</th></tr></thead><tbody>${data.map(
      ({ id, sha256, licence, citation }) =>
        html`<tr><th scope="row">${id}${citation && html`<br><span class="muted">${citation}</span>`}</th><td>${licence ?? '–'}</td><td><code>${sha256}</code></td></tr>`,
    )}</tbody></table>`,
  );
}

/** The exact command, what it ran on, and the data that it took. */
export function reproduce(result: ReportResult, download: string): SafeHtml {
  const { engine, source } = result;
  return html`${
    result.command
      ? copyable(result.command, 'Command that makes these numbers again')
      : html`<p class="empty">The result was put together from several runs; no single command repeats it.</p>`
  }
${facts([
  ['Preset', `${result.preset}${result.partial ? ' (stopped early: partial)' : ''}`],
  ['Seeds', result.seeds.join(', ')],
  [
    'Engine',
    `${engine.name} ${engine.version}, ${engine.threads === null ? 'threads not known' : count(engine.threads, 'thread')} per seed`,
  ],
  ['Versions', `TensorFlow.js ${result.tfjs ?? 'of several versions'}, Node ${result.node ?? 'of several versions'}`],
  ['Machine', machineText(result.machine)],
  [
    'Time and memory',
    `${formatDuration(result.wallSeconds)}, at most ${formatBytes(result.peakRssBytes)} in one process`,
  ],
  ['Source', html`commit <code>${source.commit ?? 'not known'}</code>, hash <code>${source.hash}</code>`],
  ['Result file', html`<a href="${download}">${download}</a>`],
])}
${result.data.length > 0 && dataTable(result.data)}`;
}
