import { type Drawing, wrapText } from '../charts/standalone-svg.js';
import { seriesStyle, textWidth } from '../charts/theme.js';
import { html, type SafeHtml } from '../html.js';
import { type GalleryItem, galleryGroups, leadingLabels, percent, shareOf } from './gallery.js';
import { imageInSvg } from './picture.js';

const COLUMNS = 3;
const CARD = 260;
const GAP = 20;
const IMAGE = 84;
const NOTE_LINES = 4;
const BAR = { left: 96, width: 120 };

const rowHeight = (names: readonly string[]) => Math.max(1, names.length) * 13 + 6;

/** A text that fits a width, cut where it does not. */
function cut(text: string, width: number, fontSize: number): string {
  if (textWidth(text, fontSize) <= width) return text;
  let length = text.length;
  while (length > 1 && textWidth(`${text.slice(0, length)}…`, fontSize) > width) length -= 1;
  return `${text.slice(0, length)}…`;
}

function drawShares(item: GalleryItem, names: readonly string[]): SafeHtml[] {
  return leadingLabels(item).map((label, row) => {
    const top = IMAGE + 14 + row * rowHeight(names);
    const bars = names.map((name, index) => {
      const share = shareOf(item, name, label);
      if (share === undefined) return null;
      const y = top + index * 13;
      const width = (Math.min(1, Math.max(0, share)) * BAR.width).toFixed(1);
      return html`<rect x="${BAR.left}" y="${y}" width="${width}" height="9" fill="${seriesStyle(index).colour}"/><text x="${CARD - 4}" y="${y + 9}" text-anchor="end" font-size="11" fill="var(--muted)">${percent(share)}</text>`;
    });
    return html`<text x="0" y="${top + 10}" font-size="11" fill="var(--text)">${cut(item.labels[label] ?? '', BAR.left - 8, 11)}</text>${bars}`;
  });
}

function drawCard(item: GalleryItem, names: readonly string[]): SafeHtml {
  const room = CARD - IMAGE - 12;
  const note = wrapText(item.note ?? '', room, 11).slice(0, NOTE_LINES);
  return html`${imageInSvg(item.image, IMAGE)}<text x="${IMAGE + 12}" y="14" font-size="13" font-weight="600" fill="var(--text)">${cut(item.title, room, 13)}</text>${note.map(
    (line, index) =>
      html`<text x="${IMAGE + 12}" y="${31 + index * 15}" font-size="11" fill="var(--muted)">${line}</text>`,
  )}${drawShares(item, names)}`;
}

/** A gallery as one SVG: the same cards as in the page, three in a row. */
export function drawGallery(items: readonly GalleryItem[], names: readonly string[]): Drawing {
  let y = 0;
  const groups = galleryGroups(items).map(({ heading, items }) => {
    const title =
      heading && html`<text x="0" y="${y + 16}" font-size="14" font-weight="600" fill="var(--text)">${heading}</text>`;
    if (heading) y += 30;
    const labels = Math.max(0, ...items.map((item) => leadingLabels(item).length));
    const height = IMAGE + 14 + labels * rowHeight(names) + GAP;
    const cards = items.map(
      (item, index) =>
        html`<g transform="translate(${(index % COLUMNS) * (CARD + GAP)} ${y + Math.floor(index / COLUMNS) * height})">${drawCard(item, names)}</g>`,
    );
    y += Math.ceil(items.length / COLUMNS) * height;
    return html`${title}${cards}`;
  });
  return { markup: html`${groups}`.markup, width: COLUMNS * CARD + (COLUMNS - 1) * GAP, height: y };
}
