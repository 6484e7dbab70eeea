import { describe, expect, it } from '@jest/globals';
import { dataTable, toCsv } from './data-table.js';
import { dataUri } from './data-uri.js';
import { mathStyle } from './math-style.js';
import { typeset } from './typeset.js';

describe('dataUri', () => {
  it('holds every text, and nothing that ends an attribute or an address', () => {
    const text = 'a "b" <c d=\'e\'> 100 % #1 & é –\n\ttab';
    const uri = dataUri('application/json', text);
    expect(uri).not.toMatch(/["<>#&\n\t]/);
    expect(decodeURIComponent(uri.slice(uri.indexOf(',') + 1))).toBe(text);
  });
});

describe('dataTable', () => {
  const cells = (rows: (string | number)[][]) =>
    [...dataTable('T', { columns: ['a', 'b'], rows }).markup.matchAll(/<td[^>]*>([^<]*)</g)].map(([, text]) => text);

  it('shares the decimal places of a column, and shows nothing as zero that is not', () => {
    expect(
      cells([
        ['x', 17.7],
        ['y', 0.1],
        ['z', 0.00314],
        ['null', 0],
      ]),
    ).toEqual(['17.7', '0.1', '0.0031', '0.0']);
  });

  it('keeps a mean and its interval in one piece each', () => {
    expect(cells([['x', '23.0 ± 0.4']])).toEqual(['23.0 ±\u00a00.4']);
  });
});

describe('toCsv', () => {
  it('quotes what needs it', () => {
    const rows = [
      ['a,b', 1, null],
      ['say "x"', -0.5, true],
      ['two\nlines', 0, ''],
    ];
    expect(toCsv({ columns: ['name', 'n', 'z'], rows })).toBe(
      'name,n,z\r\n"a,b",1,\r\n"say ""x""",-0.5,true\r\n"two\nlines",0,\r\n',
    );
  });
});

describe('mathStyle', () => {
  const fonts = (tex: string) =>
    [...mathStyle(typeset(tex, 'F').markup).matchAll(/@font-face\{[^}]*font-family:KaTeX_(\w+)/g)].map(
      ([, name]) => name,
    );

  it('brings the fonts that the formulas use and no other', () => {
    expect(fonts('1 + 2')).toEqual(['Main']);
    expect(fonts('x + 1').sort()).toEqual(['Main', 'Math']);
    expect(fonts('\\mathcal{L} = \\sum_i \\mathbb{E}[x]').sort()).toEqual([
      'AMS',
      'Caligraphic',
      'Main',
      'Math',
      'Size2',
    ]);
    expect(mathStyle('<p>no formula</p>')).toBe('');
  });

  it('loads nothing', () => {
    const addresses = [...mathStyle(typeset('x', 'F').markup).matchAll(/url\(([^)]{0,20})/g)].map(
      ([, address]) => address!,
    );
    expect(addresses.length).toBeGreaterThan(0);
    for (const address of addresses) expect(address).toMatch(/^data:font\/woff2/);
  });
});
