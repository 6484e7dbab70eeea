import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

const colours = (file: string) =>
  Object.fromEntries(
    [...readFileSync(new URL(file, import.meta.url), 'utf8').matchAll(/--([\w-]+): (#\w{6});/g)].map(
      ([, name, value]) => [name!, value!],
    ),
  );
const light = colours('./tokens.css');
const dark = colours('./dark.css');

/** Relative luminance of WCAG 2. */
function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

function contrast(a: string, b: string): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high! + 0.05) / (low! + 0.05);
}

const SURFACES = ['paper', 'raised', 'code', 'target'];
const TEXTS = ['text', 'muted', 'accent', 'good', 'bad', 'open', 'none', 'demo'];
const MARKS = ['reference', ...[1, 2, 3, 4, 5, 6, 7].map((index) => `series-${index}`)];

describe.each([
  ['light', light],
  ['dark', dark],
])('colours of the %s page', (_, theme) => {
  it.each(TEXTS.flatMap((text) => SURFACES.map((surface) => [text, surface] as const)))(
    '%s can be read on %s',
    (text, surface) => {
      expect(contrast(theme[text]!, theme[surface]!)).toBeGreaterThanOrEqual(4.5);
    },
  );

  it('paper can be read on the badges of verdicts', () => {
    for (const badge of ['good', 'bad']) expect(contrast(theme.paper!, theme[badge]!)).toBeGreaterThanOrEqual(4.5);
  });

  it.each(MARKS)('%s can be seen on paper and in cards', (mark) => {
    for (const surface of ['paper', 'raised']) {
      expect(contrast(theme[mark]!, theme[surface]!)).toBeGreaterThanOrEqual(3);
    }
  });

  it.each(['good', 'bad', 'open', 'demo'])('%s can be seen on what a claim asserts', (standing) => {
    expect(contrast(theme[standing]!, theme.region!)).toBeGreaterThanOrEqual(3);
  });
});

describe('the dark page', () => {
  it('has every colour of the light one', () => {
    expect(Object.keys(dark).sort()).toEqual(Object.keys(light).sort());
  });
});

describe('contrast', () => {
  it('is that of WCAG', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
    expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
  });
});
