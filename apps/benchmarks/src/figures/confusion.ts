import { renderChart } from '../charts/render-chart.js';
import { labelExtent } from '../charts/theme.js';
import { formatNumber } from '../format.js';
import type { SafeHtml } from '../html.js';
import { emptyFigure, figureFrame, type Placed } from './figure.js';

/** Counts of true class (row) against predicted class (column); the shade is the share of the row. */
export async function renderConfusion(figure: Placed<'confusion'>): Promise<SafeHtml> {
  const { classes, matrix } = figure;
  if (classes.length === 0) return emptyFigure(figure, 'No classes were recorded.');
  const cells = matrix.flatMap((row, truth) => {
    const total = row.reduce((sum, value) => sum + value, 0);
    return row.map((value, predicted) => ({
      truth: classes[truth],
      predicted: classes[predicted],
      shown: value === 0 ? '' : formatNumber(value),
      share: total === 0 ? 0 : value / total,
      // Small shares would be invisible on a linear scale, and they are what one looks for.
      opacity: total === 0 ? 0 : Math.sqrt(value / total) * 0.85,
      ink: total > 0 && value / total > 0.45 ? 'var(--on-accent)' : 'var(--text)',
    }));
  });
  const chart = await renderChart(
    (layout) => {
      const wide = layout.name === 'wide';
      const longest = Math.min(wide ? 160 : 84, labelExtent(classes, layout.fontSize));
      const step = Math.max(wide ? 20 : 14, Math.min(46, ((wide ? 680 : 310) - longest) / classes.length));
      return {
        autosize: { type: 'pad' },
        width: { step },
        height: { step },
        data: { values: cells },
        encoding: {
          x: {
            field: 'predicted',
            type: 'nominal',
            sort: null,
            title: 'Predicted',
            axis: {
              orient: 'top',
              labelAngle: wide ? -45 : -90,
              labelLimit: 110,
              titleAnchor: 'start',
              domain: false,
              ticks: false,
            },
          },
          y: {
            field: 'truth',
            type: 'nominal',
            sort: null,
            title: null,
            axis: { labelLimit: longest, labelColor: 'var(--text)' },
          },
        },
        layer: [
          {
            mark: { type: 'rect', color: 'var(--accent)', stroke: 'var(--grid)', strokeWidth: 1, strokeOpacity: 1 },
            encoding: { fillOpacity: { field: 'opacity', type: 'quantitative', scale: null } },
          },
          ...(classes.length <= 20
            ? [
                {
                  mark: { type: 'text' as const, fontSize: wide ? 12 : 9 },
                  encoding: {
                    text: { field: 'shown', type: 'nominal' as const },
                    color: { field: 'ink', type: 'nominal' as const, scale: null },
                  },
                },
              ]
            : []),
        ],
      };
    },
    { id: figure.anchor, title: figure.title, description: figure.alt },
  );
  const table = {
    columns: ['True class', ...classes],
    rows: matrix.map((row, truth) => [classes[truth] ?? String(truth), ...row]),
  };
  return figureFrame(figure, {
    body: chart.content,
    drawing: chart.drawing,
    table,
    tableNote: 'Rows: true class. Columns: predicted class.',
  });
}
