import { seriesStyle } from '../charts/theme.js';
import { asHeading } from '../format.js';
import { html, type SafeHtml } from '../html.js';
import { seriesEntries } from '../parts/legend.js';
import { emptyFigure, type FigureOf, figureFrame, type Placed } from './figure.js';
import { drawGallery } from './gallery-drawing.js';
import { picture } from './picture.js';

export type GalleryItem = FigureOf<'gallery'>['items'][number];

const SHOWN_LABELS = 5;

/** A share as text. */
export const percent = (share: number) => `${(share * 100).toFixed(share >= 0.0995 ? 0 : 1)} %`;

/** The labels with the largest bars, largest first. */
export function leadingLabels({ labels, bars }: GalleryItem): number[] {
  if (!bars?.length) return [];
  const largest = labels.map((_, label) => Math.max(0, ...bars.map(({ values }) => values[label] ?? 0)));
  return labels
    .map((_, label) => label)
    .sort((a, b) => largest[b]! - largest[a]!)
    .slice(0, SHOWN_LABELS);
}

/** What a model says of a label; undefined where it says nothing. */
export function shareOf(item: GalleryItem, name: string, label: number): number | undefined {
  const share = item.bars?.find((bar) => bar.name === name)?.values[label];
  return share !== undefined && Number.isFinite(share) ? share : undefined;
}

/** Items under the headings that they name; items that follow each other and name the same one stand together. */
export function galleryGroups(items: readonly GalleryItem[]): { heading: string; items: GalleryItem[] }[] {
  const groups: { heading: string; items: GalleryItem[] }[] = [];
  for (const item of items) {
    const heading = item.group ?? '';
    if (groups.at(-1)?.heading === heading) groups.at(-1)!.items.push(item);
    else groups.push({ heading, items: [item] });
  }
  return groups;
}

/** Shares per label as a table whose cells are bars: what is drawn is also what is read aloud. */
function shares(item: GalleryItem, names: readonly string[]): SafeHtml | null {
  if (!item.bars?.length) return null;
  const cell = (name: string, label: number) => {
    const share = shareOf(item, name, label);
    if (share === undefined) return html`<span class="share"></span>`;
    const width = Math.min(100, Math.max(0, share * 100)).toFixed(1);
    return html`<span class="share" title="${name}"><span class="bar" style="width:${width}%;background:${seriesStyle(names.indexOf(name)).colour}"></span></span><span class="value"><span class="hidden">${name}: </span>${percent(share)}</span>`;
  };
  return html`<table class="shares"><caption class="hidden">What the models say of: ${item.title}</caption><tbody>${leadingLabels(
    item,
  ).map(
    (label) =>
      html`<tr><th scope="row">${item.labels[label]}</th><td>${names.map((name) => html`<span class="line">${cell(name, label)}</span>`)}</td></tr>`,
  )}</tbody></table>`;
}

/** Images, each with what the models say of it. */
export function renderGallery(figure: Placed<'gallery'>): SafeHtml {
  const names = [...new Set(figure.items.flatMap(({ bars }) => (bars ?? []).map(({ name }) => name)))];
  if (figure.items.length === 0) return emptyFigure(figure, 'No image was selected.');
  const labels = [...new Set(figure.items.flatMap((item) => item.labels))];
  const grouped = figure.items.some(({ group }) => group);
  const table = {
    columns: ['Image', ...(grouped ? ['Group'] : []), 'Model', ...labels],
    rows: figure.items.flatMap((item) =>
      (item.bars ?? []).map(({ name, values }) => [
        item.title,
        ...(grouped ? [item.group ?? ''] : []),
        name,
        ...labels.map((label) => values[item.labels.indexOf(label)] ?? null),
      ]),
    ),
  };
  const card = (item: GalleryItem) => html`<li class="card">
<div class="subject">${picture(item.image, item.title)}<div><p class="name">${item.title}</p>${item.note && html`<p class="note">${item.note}</p>`}</div></div>
${shares(item, names)}
</li>
`;
  return figureFrame(figure, {
    body: galleryGroups(figure.items).map(
      ({ heading, items }) =>
        html`${heading && html`<h4>${asHeading(heading)}</h4>`}<ul class="cards">${items.map(card)}</ul>`,
    ),
    drawing: drawGallery(figure.items, names),
    legend: seriesEntries(names, 'square'),
    ...(table.rows.length > 0 && { table }),
  });
}
