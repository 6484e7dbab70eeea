import { describe, expect, it } from '@jest/globals';
import type { Figure } from '@tensor-papers/workbench';
import { standardResult } from '../../test/fixtures.js';
import { figureAnchors, renderFigure } from './render-figure.js';

const figures = standardResult().figures;
const figure = <Kind extends Figure['kind']>(kind: Kind) =>
  figures.find((candidate) => candidate.kind === kind) as Extract<Figure, { kind: Kind }>;
const draw = async (drawn: Figure) => (await renderFigure(drawn, 'figure-x')).markup;
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
    expect(markup).toMatch(/mark-(line|symbol|rect)[^>]*><path|<path aria-label/);
    expect(markup).toMatch(/<details class="behind"><summary>Data as a table<\/summary>/);
  });

  it('draws a curve of a single run, which has no band', async () => {
    const points = [0, 1, 2].map((x) => ({ x, y: x * x }));
    const markup = await draw({ ...figure('curve'), series: [{ name: 'one seed', points }] });
    expect(markup).toMatch(/mark-line/);
    expect(markup).not.toMatch(/mark-area/);
  });

  it('gives every id once, also with several charts in a page', async () => {
    const anchors = figureAnchors(figures, 'figure');
    const page = (await Promise.all(figures.map((drawn, index) => renderFigure(drawn, anchors[index]!)))).join('');
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

  it('draws bars without intervals from zero, and leaves the values of a whisker plot on its own axis', async () => {
    const plain = figures.filter(({ kind }) => kind === 'bars')[1]!;
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
