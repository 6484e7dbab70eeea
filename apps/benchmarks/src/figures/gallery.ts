import { seriesStyle } from '../charts/theme.js';
import { html, type SafeHtml } from '../html.js';
import { dataTable } from '../parts/data-table.js';
import { legend } from '../parts/legend.js';
import { type FigureOf, figureFrame, type Placed } from './figure.js';
import { picture } from './picture.js';

type Item = FigureOf<'gallery'>['items'][number];

const SHOWN_LABELS = 5;

const percent = (share: number) => `${(share * 100).toFixed(share >= 0.0995 ? 0 : 1)} %`;

/** The labels with the largest bars, largest first. */
function leadingLabels({ labels, bars }: Item): number[] {
  const largest = labels.map((_, label) => Math.max(0, ...(bars ?? []).map(({ values }) => values[label] ?? 0)));
  return labels
    .map((_, label) => label)
    .sort((a, b) => largest[b]! - largest[a]!)
    .slice(0, SHOWN_LABELS);
}

/** Shares per label as a table whose cells are bars: what is drawn is also what is read aloud. */
function shares(item: Item, names: readonly string[]): SafeHtml | null {
  if (!item.bars?.length) return null;
  const cell = (name: string, label: number) => {
    const share = item.bars?.find((bar) => bar.name === name)?.values[label];
    if (share === undefined || !Number.isFinite(share)) return html`<span class="share"></span>`;
    const width = Math.min(100, Math.max(0, share * 100)).toFixed(1);
    return html`<span class="share" title="${name}"><span class="bar" style="width:${width}%;background:${seriesStyle(names.indexOf(name)).colour}"></span></span><span class="value"><span class="hidden">${name}: </span>${percent(share)}</span>`;
  };
  return html`<table class="shares"><tbody>${leadingLabels(item).map(
    (label) =>
      html`<tr><th scope="row">${item.labels[label]}</th><td>${names.map((name) => html`<span class="line">${cell(name, label)}</span>`)}</td></tr>`,
  )}</tbody></table>`;
}

/** Images, each with what the models say of it. */
export function renderGallery(figure: Placed<'gallery'>): SafeHtml {
  const names = [...new Set(figure.items.flatMap(({ bars }) => (bars ?? []).map(({ name }) => name)))];
  if (figure.items.length === 0) return figureFrame(figure, html`<p class="empty">No image was selected.</p>`);
  const labels = [...new Set(figure.items.flatMap((item) => item.labels))];
  const table = {
    columns: ['Image', 'Model', ...labels],
    rows: figure.items.flatMap((item) =>
      (item.bars ?? []).map(({ name, values }) => [
        item.title,
        name,
        ...labels.map((label) => values[item.labels.indexOf(label)] ?? null),
      ]),
    ),
  };
  return figureFrame(figure, [
    legend(names, 'square'),
    html`<ul class="cards">${figure.items.map(
      (item) => html`<li class="card">
<div class="subject">${picture(item.image, item.title)}<div><h4>${item.title}</h4>${item.note && html`<p class="note">${item.note}</p>`}</div></div>
${shares(item, names)}
</li>
`,
    )}</ul>`,
    table.rows.length > 0 &&
      html`<details class="behind"><summary>Data as a table</summary>${dataTable(figure.title, table)}</details>`,
  ]);
}
