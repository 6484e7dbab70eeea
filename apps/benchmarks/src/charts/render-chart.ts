import * as vega from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import { html, type SafeHtml, slug, trustedMarkup } from '../html.js';
import type { Drawing } from './standalone-svg.js';
import { chartConfig, LAYOUTS, type Layout, textWidth } from './theme.js';

/** Vega's text measure; exported so that it can be replaced, but missing in its types. */
const { textMetrics } = vega as unknown as {
  textMetrics: { width: (item: { fontSize?: number; limit?: number }, text: unknown) => number };
};

// Without a canvas vega takes 0.8 em a character, which leaves a third of a phone's width to the labels.
textMetrics.width = (item, text) => {
  const width = textWidth(String(text ?? ''), item.fontSize ?? 11);
  return item.limit ? Math.min(item.limit, width) : width;
};

/** A warning of the chart library means a description that does not draw what it says. */
const strictLogger: vega.LoggerInterface = {
  level: () => strictLogger,
  error: (...parts: readonly unknown[]) => {
    throw new Error(`chart: ${parts.join(' ')}`);
  },
  warn: (...parts: readonly unknown[]) => {
    throw new Error(`chart: ${parts.join(' ')}`);
  },
  info: () => strictLogger,
  debug: () => strictLogger,
} as vega.LoggerInterface;

/** What a chart says without being seen. */
export interface ChartText {
  /** Unique in the page. */
  id: string;
  title: string;
  description: string;
}

type ChartDescription = Omit<Extract<TopLevelSpec, { layer: unknown }>, '$schema' | 'config' | 'width'> & {
  width?: { step: number };
};

/** A Vega-Lite description of one layout; the shared look and the fit to the layout's width are added. */
export type ChartSpec = (layout: Layout) => ChartDescription;

/** Draws a description as SVG text, without a DOM and without a canvas. */
async function drawSvg(spec: ChartSpec, layout: Layout): Promise<string> {
  const description = {
    width: layout.width,
    autosize: { type: 'fit', contains: 'padding' },
    ...spec(layout),
    config: chartConfig(layout),
  } as unknown as TopLevelSpec;
  const view = new vega.View(vega.parse(compile(description, { logger: strictLogger }).spec), {
    renderer: 'none',
    logger: strictLogger,
  });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

/** What a mark need not say: it is what holds anyway, or the page or the drawing as a whole says it (vega gives marks roles without names). */
const SUPERFLUOUS =
  / (?:role|aria-\w+|font-family|pointer-events|stroke-miterlimit)="[^"]*"| (?:fill|stroke)-opacity="1"| class="(?:background|foreground|root)"/g;

/** Puts the edge of a text behind the text; vega draws it over. */
const edgeBehind = (tag: string) => tag.replace(/^<text(?=[^>]* stroke=)/, '<text paint-order="stroke"');

/** Markup of a third less: three decimal places are far below a pixel. */
function slim(markup: string): string {
  return markup.replace(/<[^>]+>/g, (tag) =>
    edgeBehind(
      tag.replace(SUPERFLUOUS, '').replace(/\d+\.\d{4,}/g, (number) => String(Number(Number(number).toFixed(3)))),
    ),
  );
}

/** Takes vega's SVG apart: what is in it, and its size. */
function take(svg: string, title: string): Drawing & { viewBox: string } {
  const size = /<svg[^>]*\bwidth="([\d.]+)"[^>]*\bheight="([\d.]+)"[^>]*\bviewBox="([\d.\s-]+)"/.exec(svg);
  if (!size) throw new Error(`the chart "${title}" was drawn without a size`);
  const [, width, height, viewBox = ''] = size;
  const markup = slim(svg.replace(/^[\s\S]*?<svg[^>]*>/, '').replace(/<\/svg>\s*$/, ''));
  return { markup, width: Number(width), height: Number(height), viewBox };
}

/** Makes a drawing fit for use within a page: a name for screen readers, and ids that no other chart has. */
function embed(drawing: ReturnType<typeof take>, layout: Layout, { id, title, description }: ChartText): SafeHtml {
  const key = `${slug(id)}-${layout.name}`;
  const { width, height, viewBox } = drawing;
  const markup = drawing.markup.replace(/\bid="([^"]+)"/g, `id="${key}-$1"`).replace(/url\(#/g, `url(#${key}-`);
  return html`<svg class="${layout.name}" role="img" aria-labelledby="${key}-title ${key}-desc" width="${width}" height="${height}" viewBox="${viewBox}"><title id="${key}-title">${title}</title><desc id="${key}-desc">${description}</desc>${trustedMarkup(markup)}</svg>`;
}

/** A chart in its page, and the wide one of its drawings by itself. */
export interface Chart {
  content: SafeHtml;
  drawing: Drawing;
}

/**
 * A chart as inline SVG, drawn once for wide and once for narrow pages.
 * Scaling one drawing down would leave a phone with labels of 6 px.
 */
export async function renderChart(spec: ChartSpec, text: ChartText): Promise<Chart> {
  const drawings = await Promise.all(
    LAYOUTS.map(async (layout) => ({ layout, drawing: take(await drawSvg(spec, layout), text.title) })),
  );
  return {
    content: html`<div class="chart">${drawings.map(({ layout, drawing }) => embed(drawing, layout, text))}</div>`,
    drawing: drawings.find(({ layout }) => layout.name === 'wide')!.drawing,
  };
}
