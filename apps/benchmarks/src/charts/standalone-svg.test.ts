import { describe, expect, it } from '@jest/globals';
import { resolveColours, standaloneSvg, wrapText } from './standalone-svg.js';
import { textWidth } from './theme.js';

const around = { title: 'Title', caption: '', description: '', source: 'Source', legend: [] };
const drawing = { markup: '<path d="M0 0"/>', width: 500, height: 200 };
const heightOf = (svg: string) => Number(/height="(\d+)"/.exec(svg)![1]);

describe('standaloneSvg', () => {
  it('grows with its caption and its legend', () => {
    const bare = heightOf(standaloneSvg(drawing, around));
    const caption = 'A long sentence about what is seen. '.repeat(9);
    expect(heightOf(standaloneSvg(drawing, { ...around, caption }))).toBe(
      bare + wrapText(caption, drawing.width, 13).length * 19,
    );
    const legend = Array.from({ length: 9 }, (_, index) => ({
      name: `A series with a long name ${index}`,
      shape: 'dot' as const,
      colour: 'var(--series-1)',
    }));
    expect(heightOf(standaloneSvg(drawing, { ...around, legend }))).toBeGreaterThan(bare + 4 * 22);
  });

  it('escapes its texts', () => {
    const evil = '</text><script>alert(1)</script>';
    const legend = [{ name: evil, shape: 'line' as const, colour: 'var(--text)' }];
    const svg = standaloneSvg(drawing, { title: evil, caption: evil, description: evil, source: evil, legend });
    expect(svg).not.toContain('<script');
  });
});

describe('resolveColours', () => {
  it('takes the colours of the light page and refuses a name that is not there', () => {
    expect(resolveColours('fill="var(--paper)" stroke="var(--series-1)"')).toMatch(/^fill="#\w{6}" stroke="#\w{6}"$/);
    expect(() => resolveColours('var(--nowhere)')).toThrow(/--nowhere/);
  });
});

describe('wrapText', () => {
  it('keeps every word, and every line of several words within the width', () => {
    const text = 'One two three, four five six seven eight nine and averyveryverylongwordthatfitsnowhere ten';
    const lines = wrapText(text, 120, 13);
    expect(lines.join(' ')).toBe(text);
    for (const line of lines.filter((each) => each.includes(' '))) expect(textWidth(line, 13)).toBeLessThanOrEqual(120);
    expect(wrapText('', 120, 13)).toEqual([]);
  });
});
