import { renderChart } from '../charts/render-chart.js';
import { seriesStyle } from '../charts/theme.js';
import type { SafeHtml } from '../html.js';
import type { TableData } from '../parts/data-table.js';
import { type LegendEntry, REFERENCE_STYLE } from '../parts/legend.js';
import { axisTitle, flatDomain, thin } from './axis.js';
import { emptyFigure, type FigureOf, figureFrame, type Placed } from './figure.js';

type Series = FigureOf<'curve'>['series'][number];

interface Point {
  x: number;
  y: number;
  low?: number;
  high?: number;
}

/** The points that can be drawn; a band only where both of its ends are known. */
function drawable({ points }: Series): Point[] {
  return points.flatMap(({ x, y, low, high }) => {
    if (!Number.isFinite(x) || y === null || !Number.isFinite(y)) return [];
    return [typeof low === 'number' && typeof high === 'number' ? { x, y, low, high } : { x, y }];
  });
}

function tableOf(figure: FigureOf<'curve'>, series: readonly Point[][]): TableData {
  const positions = thin(
    [...new Set(series.flatMap((points) => points.map(({ x }) => x)))].sort((a, b) => a - b),
    200,
  );
  const banded = series.map((points) => points.some(({ low }) => low !== undefined));
  const lookup = series.map((points) => new Map(points.map((point) => [point.x, point])));
  return {
    columns: [
      figure.x.label,
      ...figure.series.flatMap(({ name }, index) => (banded[index] ? [name, `${name}, low`, `${name}, high`] : [name])),
    ],
    rows: positions.map((x) => [
      x,
      ...lookup.flatMap((points, index) => {
        const point = points.get(x);
        return banded[index] ? [point?.y ?? null, point?.low ?? null, point?.high ?? null] : [point?.y ?? null];
      }),
    ]),
  };
}

/** How each series is drawn; a reference takes none of the colours. */
function stylesOf(series: readonly Series[]): { colour: string; dash: readonly number[] }[] {
  const measured = series.filter(({ reference }) => !reference);
  return series.map((each) => (each.reference ? REFERENCE_STYLE : seriesStyle(measured.indexOf(each))));
}

/** Lines over a common x axis, each with a band where there is a spread. */
export async function renderCurve(figure: Placed<'curve'>): Promise<SafeHtml> {
  const series = figure.series.map(drawable);
  const all = series.flat();
  const styles = stylesOf(figure.series);
  const longest = Math.max(0, ...series.map(({ length }) => length));
  // Half an epoch is no place for a tick.
  const wholeNumbers = series.every((points) => points.every(({ x }) => Number.isInteger(x)));
  if (longest === 0) return emptyFigure(figure, 'No values were recorded.');
  // Many bands on top of each other hide the lines.
  const bands = series.filter((points) => points.some(({ low }) => low !== undefined)).length;
  const chart = await renderChart(
    (layout) => ({
      height: layout.name === 'wide' ? 340 : 240,
      encoding: {
        x: {
          field: 'x',
          type: 'quantitative',
          title: axisTitle(figure.x),
          scale: { nice: false, zero: false, ...flatDomain(all.map(({ x }) => x)) },
          axis: { tickCount: layout.name === 'wide' ? 8 : 5, ...(wholeNumbers && { tickMinStep: 1, format: 'd' }) },
        },
        y: {
          field: 'y',
          type: 'quantitative',
          title: axisTitle(figure.y),
          scale: { zero: false, ...flatDomain(all.flatMap(({ y, low = y, high = y }) => [y, low, high])) },
          axis: { tickCount: 5 },
        },
      },
      layer: [
        ...series.flatMap((points, index) => {
          const banded = points.filter(({ low }) => low !== undefined);
          // A layer without data has no extent, and the axes none either.
          if (banded.length === 0) return [];
          return [
            {
              data: { values: thin(banded, 300) },
              mark: { type: 'area' as const, color: styles[index]!.colour, opacity: bands > 3 ? 0.09 : 0.16 },
              encoding: {
                y: { field: 'low', type: 'quantitative' as const, title: axisTitle(figure.y) },
                y2: { field: 'high' },
              },
            },
          ];
        }),
        ...series.map((points, index) => {
          const { colour, dash } = styles[index]!;
          const reference = figure.series[index]!.reference;
          return {
            data: { values: thin(points, 300) },
            mark: {
              type: 'line' as const,
              color: colour,
              strokeDash: [...dash],
              strokeWidth: reference ? 1.5 : 2,
              ...(longest <= 12 && !reference && { point: { color: colour, size: 36, filled: true } }),
            },
          };
        }),
      ],
    }),
    { id: figure.anchor, title: figure.title, description: figure.alt },
  );
  const entries: LegendEntry[] = figure.series.map(({ name }, index) => ({ name, shape: 'line', ...styles[index]! }));
  return figureFrame(figure, {
    body: chart.content,
    drawing: chart.drawing,
    legend: entries.length > 1 ? entries : [],
    table: tableOf(figure, series),
  });
}
