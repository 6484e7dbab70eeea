import { renderChart } from '../charts/render-chart.js';
import { labelExtent, seriesStyle } from '../charts/theme.js';
import { formatExact, formatNumber, formatSigned, sharedDecimals } from '../format.js';
import type { SafeHtml } from '../html.js';
import { REFERENCE_STYLE, seriesEntries } from '../parts/legend.js';
import { flatDomain } from './axis.js';
import { emptyFigure, type FigureOf, figureFrame, type Placed } from './figure.js';

/** Text that lines may pass behind: an edge of the page's colour keeps them off it. */
const text = { type: 'text' as const, stroke: 'var(--paper)', strokeWidth: 4, strokeJoin: 'round' as const };

const colour = { field: 'colour', type: 'nominal' as const, scale: null };

/** The numbers behind the marks; with a reference also how far each lies from it. */
function tableOf({ unit, reference, bars }: FigureOf<'bars'>, whiskers: boolean) {
  const grouped = bars.some(({ group }) => group);
  const compared = reference !== undefined && reference !== 0;
  return {
    columns: [
      'Label',
      ...(grouped ? ['Group'] : []),
      unit || 'Value',
      ...(compared ? [`Difference from ${formatExact(reference)}`] : []),
      ...(whiskers ? ['Low', 'High'] : []),
    ],
    rows: bars.map(({ label, group, value, low, high }) => [
      label,
      ...(grouped ? [group ?? ''] : []),
      value,
      ...(compared ? [value - reference] : []),
      ...(whiskers ? [low ?? null, high ?? null] : []),
    ]),
  };
}

/**
 * Values with labels. With intervals they are drawn as dot and whisker on an axis fitted to the data (a bar would have to start
 * at zero and hide differences that are small against the value); without, as bars from zero. A reference is a line, from which
 * the bars start and from which the numbers beside the marks are counted.
 */
export async function renderBars(figure: Placed<'bars'>): Promise<SafeHtml> {
  const { reference } = figure;
  const groups = [...new Set(figure.bars.map(({ group }) => group ?? ''))];
  const bars = figure.bars
    .filter(({ value }) => Number.isFinite(value))
    .map((bar, index) => ({ ...bar, order: index, colour: seriesStyle(groups.indexOf(bar.group ?? '')).colour }));
  if (bars.length === 0) return emptyFigure(figure, 'No values were recorded.');
  const whiskers = bars.some(({ low, high }) => low !== undefined && high !== undefined);
  const differences = bars.map(({ value }) => value - (reference ?? 0));
  const digits = sharedDecimals(differences);
  const labels = [...new Set(bars.map(({ label }) => label))];
  const rows = bars.map((bar, index) => ({
    ...bar,
    // Above the mark, where there is no axis: once for the marks of a label.
    heading: bars.findIndex(({ label }) => label === bar.label) === index ? bar.label : '',
    base: reference ?? 0,
    shown: reference === undefined ? formatNumber(bar.value, digits) : formatSigned(differences[index], digits),
    end: Math.max(bar.high ?? bar.value, bar.value, whiskers ? Number.NEGATIVE_INFINITY : (reference ?? 0)),
  }));

  const fitted = whiskers || reference !== undefined;
  const flat = flatDomain([
    ...bars.flatMap(({ value, low = value, high = value }) => [value, low, high]),
    ...(reference !== undefined ? [reference] : fitted ? [] : [0]),
  ]);

  const chart = await renderChart(
    (layout) => {
      const wide = layout.name === 'wide';
      const band = wide ? 30 : 44;
      const nested = groups.length > 1 && labels.length < bars.length;
      const offset = nested ? { yOffset: { field: 'group', type: 'nominal' as const, sort: null } } : {};
      const y = {
        field: 'label',
        type: 'nominal' as const,
        sort: null,
        title: null,
        axis: wide
          ? {
              labelLimit: 260,
              minExtent: Math.min(260, labelExtent(labels, layout.fontSize)),
              labelColor: 'var(--text)',
            }
          : null,
      };
      // Not shared with the reference, which has no row.
      const row = { y, ...offset };
      const x = {
        field: 'value',
        type: 'quantitative' as const,
        title: figure.unit,
        scale: { ...(fitted ? { zero: false, padding: 12 } : { zero: true }), ...flat },
      };
      const line =
        reference === undefined
          ? []
          : [
              {
                data: { values: [{ reference }] },
                mark: {
                  type: 'rule' as const,
                  color: REFERENCE_STYLE.colour,
                  strokeDash: [...REFERENCE_STYLE.dash],
                  strokeWidth: 1.5,
                },
                encoding: { x: { ...x, field: 'reference' }, y: { value: 0 }, y2: { value: 'height' as const } },
              },
            ];
      const marker = whiskers
        ? [
            {
              mark: { type: 'rule' as const, strokeWidth: 2 },
              encoding: { ...row, x: { ...x, field: 'low' }, x2: { field: 'high' }, color: colour },
            },
            {
              mark: { type: 'point' as const, filled: true, size: 70, opacity: 1 },
              encoding: { ...row, color: colour },
            },
          ]
        : [
            {
              mark: { type: 'bar' as const, height: { band: wide ? 0.64 : 0.4 }, cornerRadiusEnd: 2 },
              encoding: { ...row, color: colour, ...(reference !== undefined && { x2: { field: 'base' } }) },
            },
          ];
      return {
        autosize: { type: 'fit-x', contains: 'padding' },
        // Room for the values behind the longest bar.
        padding: { left: 4, right: wide ? 56 : 12, top: 8, bottom: 4 },
        height: nested ? bars.length * band * 0.75 : labels.length * band,
        data: { values: rows },
        encoding: { x: { ...x, axis: { grid: true, tickCount: wide ? 6 : 4 } } },
        layer: [
          ...line,
          ...marker,
          ...(wide
            ? [
                {
                  mark: { ...text, align: 'left' as const, dx: 8, fontSize: 12, fill: 'var(--muted)' },
                  encoding: { ...row, x: { ...x, field: 'end' }, text: { field: 'shown' } },
                },
              ]
            : [
                {
                  mark: { ...text, align: 'left' as const, dy: -16, dx: 0 },
                  encoding: { ...row, x: { value: 0 }, text: { field: 'heading' } },
                },
                {
                  mark: { ...text, align: 'right' as const, dy: -16, fill: 'var(--muted)' },
                  encoding: { ...row, x: { value: 'width' as const }, text: { field: 'shown' } },
                },
              ]),
        ],
      };
    },
    { id: figure.anchor, title: figure.title, description: figure.alt },
  );
  const compared =
    reference === undefined
      ? []
      : [
          {
            name:
              reference === 0
                ? 'zero: no difference'
                : `reference ${formatExact(reference)}; numbers: difference from it`,
            shape: 'line' as const,
            ...REFERENCE_STYLE,
          },
        ];
  return figureFrame(figure, {
    body: chart.content,
    drawing: chart.drawing,
    legend: [...seriesEntries(groups, whiskers ? 'dot' : 'square'), ...compared],
    table: tableOf(figure, whiskers),
  });
}
