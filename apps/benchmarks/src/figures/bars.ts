import { renderChart } from '../charts/render-chart.js';
import { labelExtent, seriesStyle } from '../charts/theme.js';
import { formatNumber, sharedDecimals } from '../format.js';
import { html, type SafeHtml } from '../html.js';
import { tableBehind } from '../parts/data-table.js';
import { legend } from '../parts/legend.js';
import { figureFrame, type Placed } from './figure.js';

/**
 * Values with labels. With intervals they are drawn as dot and whisker on an axis fitted to the data (a bar would have to start
 * at zero and hide differences that are small against the value); without, as bars from zero.
 */
export async function renderBars(figure: Placed<'bars'>): Promise<SafeHtml> {
  const groups = [...new Set(figure.bars.map(({ group }) => group ?? ''))];
  const bars = figure.bars
    .filter(({ value }) => Number.isFinite(value))
    .map((bar, index) => ({ ...bar, order: index, colour: seriesStyle(groups.indexOf(bar.group ?? '')).colour }));
  if (bars.length === 0) return figureFrame(figure, html`<p class="empty">No values were recorded.</p>`);
  const whiskers = bars.some(({ low, high }) => low !== undefined && high !== undefined);
  const digits = sharedDecimals(bars.map(({ value }) => value));
  const labels = [...new Set(bars.map(({ label }) => label))];
  const rows = bars.map((bar) => ({
    ...bar,
    shown: formatNumber(bar.value, digits),
    end: bar.high ?? bar.value,
  }));

  const chart = await renderChart(
    (layout) => {
      const wide = layout.name === 'wide';
      const band = wide ? 30 : 42;
      const nested = groups.length > 1 && labels.length < bars.length;
      const y = { field: 'label', type: 'nominal' as const, sort: null, title: null };
      const x = {
        field: 'value',
        type: 'quantitative' as const,
        title: figure.unit,
        scale: whiskers ? { zero: false, padding: 12 } : { zero: true },
      };
      const offset = nested ? { yOffset: { field: 'group', type: 'nominal' as const, sort: null } } : {};
      const marker = whiskers
        ? [
            {
              mark: { type: 'rule' as const, strokeWidth: 2 },
              encoding: {
                x: { ...x, field: 'low' },
                x2: { field: 'high' },
                color: { field: 'colour', type: 'nominal' as const, scale: null },
              },
            },
            {
              mark: { type: 'point' as const, filled: true, size: 70, opacity: 1 },
              encoding: { color: { field: 'colour', type: 'nominal' as const, scale: null } },
            },
          ]
        : [
            {
              mark: { type: 'bar' as const, height: { band: wide ? 0.64 : 0.4 }, cornerRadiusEnd: 2 },
              encoding: { color: { field: 'colour', type: 'nominal' as const, scale: null } },
            },
          ];
      return {
        autosize: { type: 'fit-x', contains: 'padding' },
        // Room for the values behind the longest bar.
        padding: { left: 4, right: wide ? 56 : 12, top: 8, bottom: 4 },
        height: nested ? bars.length * band * 0.75 : labels.length * band,
        data: { values: rows },
        encoding: {
          x: { ...x, axis: { grid: true, tickCount: wide ? 6 : 4 } },
          y: {
            ...y,
            axis: wide
              ? {
                  labelLimit: 260,
                  minExtent: Math.min(260, labelExtent(labels, layout.fontSize)),
                  labelColor: 'var(--text)',
                }
              : null,
          },
          ...offset,
        },
        layer: [
          ...marker,
          ...(wide
            ? [
                {
                  mark: { type: 'text' as const, align: 'left' as const, dx: 8, fontSize: 12, fill: 'var(--muted)' },
                  encoding: { x: { ...x, field: 'end' }, text: { field: 'shown' } },
                },
              ]
            : [
                {
                  mark: { type: 'text' as const, align: 'left' as const, dy: -14, dx: 0 },
                  encoding: { x: { value: 0 }, text: { field: 'label' } },
                },
                {
                  mark: { type: 'text' as const, align: 'right' as const, dy: -14, fill: 'var(--muted)' },
                  encoding: { x: { value: 'width' as const }, text: { field: 'shown' } },
                },
              ]),
        ],
      };
    },
    { id: figure.anchor, title: figure.title, description: figure.alt },
  );
  const grouped = groups.some((group) => group !== '');
  const table = {
    columns: ['', ...(grouped ? ['Group'] : []), figure.unit || 'Value', ...(whiskers ? ['Low', 'High'] : [])],
    rows: bars.map(({ label, group, value, low, high }) => [
      label,
      ...(grouped ? [group ?? ''] : []),
      value,
      ...(whiskers ? [low ?? null, high ?? null] : []),
    ]),
  };
  return figureFrame(figure, [legend(groups, whiskers ? 'dot' : 'square'), chart, tableBehind(figure.title, table)]);
}
