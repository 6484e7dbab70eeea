import { renderChart } from '../charts/render-chart.js';
import { seriesStyle } from '../charts/theme.js';
import type { SafeHtml } from '../html.js';
import { seriesEntries } from '../parts/legend.js';
import { axisTitle, flatDomain, thin } from './axis.js';
import { emptyFigure, figureFrame, type Placed } from './figure.js';

/** Points in a plane, coloured by group. */
export async function renderScatter(figure: Placed<'scatter'>): Promise<SafeHtml> {
  const points = figure.points.filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y));
  if (points.length === 0) return emptyFigure(figure, 'No points were recorded.');
  const groups = [...new Set(points.map(({ group }) => group ?? ''))];
  const values = thin(points, 3000).map((point) => ({
    ...point,
    colour: seriesStyle(groups.indexOf(point.group ?? '')).colour,
  }));
  const labelled = points.length <= 12 && points.some(({ label }) => label);
  const chart = await renderChart(
    (layout) => {
      const wide = layout.name === 'wide';
      return {
        height: wide ? 400 : 280,
        data: { values },
        encoding: {
          x: {
            field: 'x',
            type: 'quantitative',
            title: axisTitle(figure.x),
            scale: { zero: false, padding: 12, ...flatDomain(points.map(({ x }) => x)) },
            axis: { grid: true, tickCount: wide ? 8 : 4 },
          },
          y: {
            field: 'y',
            type: 'quantitative',
            title: axisTitle(figure.y),
            scale: { zero: false, padding: 12, ...flatDomain(points.map(({ y }) => y)) },
            axis: { tickCount: 6 },
          },
          color: { field: 'colour', type: 'nominal', scale: null },
        },
        layer: [
          { mark: { type: 'point', filled: true, size: wide ? 44 : 32, opacity: 0.75 } },
          ...(labelled && wide
            ? [
                {
                  mark: { type: 'text' as const, dx: 8, align: 'left' as const, fontSize: 11 },
                  encoding: { text: { field: 'label' }, color: { value: 'var(--muted)' } },
                },
              ]
            : []),
        ],
      };
    },
    { id: figure.anchor, title: figure.title, description: figure.alt },
  );
  const listed = thin(points, 300);
  const table = {
    columns: ['Point', ...(groups.length > 1 ? ['Group'] : []), axisTitle(figure.x), axisTitle(figure.y)],
    rows: listed.map(({ label, group, x, y }, index) => [
      label ?? index + 1,
      ...(groups.length > 1 ? [group ?? ''] : []),
      x,
      y,
    ]),
  };
  const note =
    listed.length < points.length ? `${listed.length} of ${points.length} points; all are in the JSON.` : undefined;
  return figureFrame(figure, {
    body: chart.content,
    drawing: chart.drawing,
    legend: seriesEntries(groups, 'dot'),
    table,
    tableNote: note,
  });
}
