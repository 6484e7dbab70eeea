import { describe, expect, it } from '@jest/globals';
import { type Figure, pngDataUri } from '@tensor-papers/workbench';
import { standardResult } from '../../test/fixtures.js';
import { figureAnchors, renderFigure } from './render-figure.js';

const figures = standardResult().figures;
const figure = <Kind extends Figure['kind']>(kind: Kind) =>
  figures.find((candidate) => candidate.kind === kind) as Extract<Figure, { kind: Kind }>;
const draw = async (drawn: Figure) => (await renderFigure(drawn, { anchor: 'figure-x', source: 'Made up' })).markup;
const byId = (id: string) => figures.find((candidate) => candidate.id === id)!;
/** What a download link holds. */
const download = (markup: string, format: string) => {
  const address = new RegExp(`data-format="${format}" href="data:[^,]*,([^"]*)"`).exec(markup)![1]!;
  return decodeURIComponent(address.replaceAll('&#39;', "'"));
};
const charts = ['curve', 'bars', 'confusion', 'scatter'] as const;

describe('renderFigure', () => {
  it('has a fixture of every kind', () => {
    expect(new Set(figures.map(({ kind }) => kind)).size).toBe(8);
  });

  it.each(charts)('draws %s twice as SVG with marks, a name, a description and a table behind it', async (kind) => {
    const markup = await draw(figure(kind));
    expect(markup.match(/<svg class="(wide|narrow)" role="img"/g)).toHaveLength(2);
    expect(markup).toContain('<title id="figure-x-wide-title">');
    expect(markup).toContain(`<desc id="figure-x-narrow-desc">${figure(kind).alt}</desc>`);
    expect(markup).toMatch(/mark-(line|symbol|rect)[^>]*><path/);
    // Roles of marks without a name are a fault, long numbers are weight.
    expect(markup).not.toMatch(/<(?:g|path|text)[^>]* (?:role=|aria-)/);
    expect(markup).not.toMatch(/<(?:g|path|text)[^>]*\d\.\d{4}/);
    expect(markup).toMatch(/<details class="behind"><summary>Data as a table<\/summary>/);
  });

  it('draws a curve of a single run, which has no band', async () => {
    const points = [0, 1, 2].map((x) => ({ x, y: x * x }));
    const markup = await draw({ ...figure('curve'), series: [{ name: 'one seed', points }] });
    expect(markup).toMatch(/mark-line/);
    expect(markup).not.toMatch(/mark-area/);
  });

  it('enlarges small images of a grid, and shows large ones pixel by pixel', async () => {
    const grid = (side: number) => {
      const image = pngDataUri(new Uint8Array(side * side), side, side, 1);
      return draw({ ...figure('image-grid'), columns: 2, images: [{ image }] });
    };
    const [small, large] = [await grid(8), await grid(240)];
    expect(small).toContain('repeat(2,minmax(64px,112px))');
    expect(large).toContain('repeat(2,minmax(64px,240px))');
    expect(download(large, 'svg')).toContain('<image href="data:image/png');
    expect(download(large, 'svg')).toContain('width="240" height="240"');
  });

  it('gives every id once, also with several charts in a page', async () => {
    const anchors = figureAnchors(figures, 'figure');
    const page = (
      await Promise.all(figures.map((drawn, index) => renderFigure(drawn, { anchor: anchors[index]!, source: '' })))
    ).join('');
    const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, id] of page.matchAll(/url\(#([^)]+)\)/g)) expect(ids).toContain(id);
  });

  it('colours charts through the page, so that light and dark need one drawing', async () => {
    const markup = await draw(figure('curve'));
    expect(markup).toContain('var(--series-1)');
    expect(markup.replace(/var\(--[\w-]+\)/g, '')).not.toMatch(/(?:stroke|fill)="(?:#|rgb)/);
  });

  it.each(figures.map((drawn) => [drawn.kind, drawn] as const))('escapes what %s brings', async (_, drawn) => {
    const evil = '<img src=x onerror=alert(1)>';
    const text = JSON.stringify(drawn, (key, value) =>
      typeof value === 'string' && !['kind', 'id', 'image', 'tex'].includes(key) ? evil : value,
    );
    expect(await draw(JSON.parse(text))).not.toContain('<img src=x');
  });

  it.each([
    { ...figure('curve'), series: [] },
    { ...figure('bars'), bars: [] },
    { ...figure('confusion'), classes: [], matrix: [] },
    { ...figure('gallery'), items: [] },
    { ...figure('image-grid'), images: [] },
    { ...figure('scatter'), points: [] },
    { ...figure('table'), rows: [] },
  ] as Figure[])('says so when $kind is empty', async (empty) => {
    expect(await draw(empty)).toContain('class="empty"');
  });

  it('shows no image but image data', async () => {
    for (const image of [
      'https://example.org/x.png',
      'javascript:alert(1)',
      'data:image/svg+xml;base64,PHN2Zz4=',
      '../x.png',
    ]) {
      const markup = await draw({ ...figure('gallery'), items: [{ ...figure('gallery').items[0]!, image }] });
      expect(markup).not.toContain('<img');
      expect(markup).toContain('no image');
    }
  });

  it.each(figures.map((drawn) => [drawn.id, drawn] as const))('offers the block of %s as JSON', async (_, drawn) => {
    const markup = await draw(drawn);
    expect(JSON.parse(download(markup, 'json'))).toEqual(drawn);
    expect(markup).toContain('<a class="anchor" href="#figure-x"');
  });

  it.each(
    figures.filter(({ kind }) => kind !== 'table' && kind !== 'formula').map((drawn) => [drawn.id, drawn] as const),
  )('offers %s as an SVG that stands by itself', async (_, drawn) => {
    const svg = download(await draw(drawn), 'svg');
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"[\s\S]*<\/svg>$/);
    expect(svg).not.toContain('var(');
    expect(svg).toContain(drawn.title.replaceAll('’', '’'));
    expect(svg).toContain('>Made up</text>');
  });

  it('keeps what is no drawing as CSV', async () => {
    const { columns, rows } = figure('table');
    const lines = download(await draw(figure('table')), 'csv')
      .trimEnd()
      .split('\r\n');
    expect(lines).toEqual([columns.join(','), ...rows.map((row) => row.join(','))]);
  });

  it('draws a reference of bars as a line of its own, and counts from it', async () => {
    const markup = await draw(byId('cost'));
    expect(
      markup.match(
        /stroke="var\(--reference\)"[^>]*stroke-dasharray|stroke-dasharray[^>]*stroke="var\(--reference\)"/g,
      ),
    ).not.toBeNull();
    // Once in the legend and once in each drawing; the address of the SVG has resolved colours.
    expect(markup.match(/var\(--reference\)/g)).toHaveLength(3);
    for (const shown of ['+0.9', '+1.1', '−1.8']) expect(markup).toContain(`>${shown}<`);
    expect(markup).toContain('Difference from 4.2');
    const zero = await draw(byId('differences'));
    expect(zero).toContain('zero: no difference');
    expect(zero).not.toContain('Difference from 0');
    expect(await draw(byId('test-accuracy'))).not.toContain('--reference');
  });

  it('has an axis from zero to one where all values are zero', async () => {
    const labels = (markup: string) =>
      [.../<svg class="wide"[\s\S]*?<\/svg>/.exec(markup)![0].matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text);
    const points = [0, 1, 2].map((x) => ({ x, y: 0, low: 0, high: 0 }));
    const bars = ['a', 'b'].map((label) => ({ label, value: 0 }));
    const { reference: _, ...plain } = figure('bars');
    for (const zero of [
      { ...figure('curve'), series: [{ name: 'a', points }] },
      { ...figure('scatter'), points: [{ x: 1, y: 0 }] },
      { ...plain, bars },
      { ...plain, bars, reference: 0 },
      { ...plain, bars: bars.map((bar) => ({ ...bar, low: 0, high: 0 })) },
    ] as Figure[]) {
      const shown = labels(await draw(zero));
      expect(shown).toEqual(expect.arrayContaining(['0.0', '0.2', '1.0']));
      expect(shown).not.toContain('0.000000');
    }
  });

  it('puts an edge of the page’s colour behind the values beside marks, in the file as well', async () => {
    const markup = await draw(byId('differences'));
    const values = [...markup.matchAll(/<text ([^>]*)>[+−]?\d+\.\d+</g)].filter(([, style]) =>
      style!.includes('stroke'),
    );
    expect(values.length).toBeGreaterThan(0);
    for (const [, style] of values) expect(style).toMatch(/paint-order="stroke".* stroke="var\(--paper\)"/);
    expect(download(markup, 'svg')).toMatch(/<text paint-order="stroke"[^>]* stroke="#\w{6}"/);
  });

  it('begins its heading with a capital and keeps the block as it is', async () => {
    const block = { ...figure('table'), title: 'handwritten digits' };
    const markup = await draw(block);
    expect(markup).toContain('<h3>Handwritten digits ');
    expect(JSON.parse(download(markup, 'json'))).toEqual(block);
  });

  it('names the marks of one label once where there is no axis', async () => {
    const bars = ['a', 'b'].flatMap((label) =>
      ['x', 'y', 'z'].map((group) => ({ label: `label ${label}`, group, value: 1 })),
    );
    const markup = await draw({ ...figure('bars'), bars });
    const narrow = /<svg class="narrow"[\s\S]*?<\/svg>/.exec(markup)![0];
    expect(narrow.match(/>label a</g)).toHaveLength(1);
  });

  it('draws a reference of curves grey, dashed and without marks, and leaves the colours to the others', async () => {
    const reliability = byId('reliability') as Extract<Figure, { kind: 'curve' }>;
    const markup = await draw(reliability);
    expect(markup).toMatch(/<path[^>]*stroke="var\(--reference\)"[^>]*stroke-dasharray="5,4"/);
    expect(markup).not.toMatch(/fill="var\(--reference\)"/);
    expect(markup).toContain('var(--series-1)');
    expect(markup).toContain('var(--series-2)');
    expect(markup).not.toContain('var(--series-3)');
    const plain = await draw({ ...reliability, series: reliability.series.map(({ reference: _, ...each }) => each) });
    expect(plain).toContain('var(--series-3)');
  });

  it('puts the items of a gallery under the headings of their groups', async () => {
    const markup = await draw(figure('gallery'));
    const headings = [...markup.matchAll(/<h4>([^<]*)<\/h4>/g)].map(([, text]) => text);
    expect(headings).toEqual([...new Set(figure('gallery').items.map(({ group }) => group))]);
    const plain = { ...figure('gallery'), items: figure('gallery').items.map(({ group: _, ...item }) => item) };
    expect(await draw(plain)).not.toContain('<h4>');
  });

  it('says what a figure of an unknown kind is about, and hands out its data', async () => {
    const pie = { kind: 'pie', id: 'shares', title: 'Shares', caption: 'Of it all', alt: 'A pie', slices: [1, 2] };
    const { markup } = await renderFigure(pie, { anchor: 'figure-shares', source: '' });
    expect(markup).toContain('A pie');
    expect(markup).toContain('kind “pie”');
    expect(JSON.parse(download(markup, 'json'))).toEqual(pie);
  });

  it('draws bars without intervals from zero, and leaves the values of a whisker plot on its own axis', async () => {
    const plain = byId('calibration');
    expect(await draw(plain)).toContain('>0.00<');
    expect(await draw(figure('bars'))).not.toContain('>0.0<');
  });
});

describe('figureAnchors', () => {
  it('keeps ids as links and tells equal ones apart', () => {
    const same = { ...figure('table'), id: 'A b' };
    expect(figureAnchors([same, same, { ...same, id: '../x' }], 'figure')).toEqual([
      'figure-a-b',
      'figure-a-b-2',
      'figure-x',
    ]);
  });
});
