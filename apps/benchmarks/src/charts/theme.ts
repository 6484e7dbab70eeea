import type { Config } from 'vega-lite';

/** A width that charts are drawn at; the page's style shows the one that fits. */
export interface Layout {
  name: 'wide' | 'narrow';
  /** px */
  width: number;
  fontSize: number;
}

export const LAYOUTS: readonly Layout[] = [
  { name: 'wide', width: 720, fontSize: 13 },
  { name: 'narrow', width: 328, fontSize: 12 },
];

const SERIES_COLOURS = 7;
/** Strokes of the first, second, … round through the colours. */
const DASHES: readonly (readonly number[])[] = [[], [6, 3], [2, 3], [8, 3, 2, 3]];

/** How the n-th series looks. Colours are the page's CSS variables, so that light and dark need no second drawing. */
export function seriesStyle(index: number): { colour: string; dash: readonly number[] } {
  return {
    colour: `var(--series-${(index % SERIES_COLOURS) + 1})`,
    dash: DASHES[Math.floor(index / SERIES_COLOURS) % DASHES.length] ?? [],
  };
}

const NARROW = /[ijlft.,:;|!'()[\]{}\s/-]/;
const WIDE = /[mwMW@%]/;
const CAPITAL = /[A-Z]/;

/** px that a text takes in a sans-serif face, about: there is no canvas here to measure with. */
export function textWidth(text: string, fontSize: number): number {
  let ems = 0;
  for (const character of text) {
    ems += NARROW.test(character) ? 0.36 : WIDE.test(character) ? 0.92 : CAPITAL.test(character) ? 0.7 : 0.61;
  }
  return ems * fontSize;
}

/** px that an axis needs for its longest label. */
export function labelExtent(labels: readonly string[], fontSize: number): number {
  return Math.ceil(Math.max(0, ...labels.map((label) => textWidth(label, fontSize))) + 8);
}

/** The look that all charts share. */
export function chartConfig({ fontSize }: Layout): Config {
  return {
    aria: false,
    background: 'transparent',
    padding: { left: 4, right: 12, top: 8, bottom: 4 },
    view: { stroke: null },
    axis: {
      domainColor: 'var(--axis)',
      gridColor: 'var(--grid)',
      tickColor: 'var(--axis)',
      labelColor: 'var(--muted)',
      titleColor: 'var(--text)',
      labelFontSize: fontSize,
      titleFontSize: fontSize,
      titleFontWeight: 'normal',
      labelPadding: 6,
      titlePadding: 10,
      tickSize: 4,
    },
    axisX: { grid: false },
    axisY: {
      domain: false,
      ticks: false,
      titleAngle: 0,
      titleAlign: 'left',
      titleAnchor: 'end',
      titleX: 0,
      titleY: -14,
    },
    text: { fill: 'var(--text)', fontSize },
  };
}
