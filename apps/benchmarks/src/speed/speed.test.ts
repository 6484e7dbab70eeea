import { describe, expect, it } from '@jest/globals';
import { examplePeers, readable } from '../../test/fixtures.js';
import { logScale, paceOf, ratioStrip } from './ratio-strip.js';
import { speedPage, speedSummary } from './speed-page.js';

const row = examplePeers().rows[0]!;
const strip = (
  ratio: number,
  ratioMin = ratio,
  ratioMax = ratio,
  scale = logScale([{ ratioMin: 0.1, ratioMax: 10 }]),
) => ratioStrip({ ...row, ratio, ratioMin, ratioMax }, scale).markup;
/** Left end and width of the bar, in percent. */
const bar = (markup: string) => {
  const [, x, width] = /class="bar" x="([\d.]+)%" y="6" width="([\d.]+)%"/.exec(markup)!;
  return { x: Number(x), width: Number(width) };
};

describe('paceOf', () => {
  it.each([
    [0.5, 0.99, 'faster'],
    [0.5, 1, 'even'],
    [0.9, 1.1, 'even'],
    [1, 1.1, 'even'],
    [1.01, 1.1, 'slower'],
  ])('%d to %d is %s', (ratioMin, ratioMax, pace) => {
    expect(paceOf({ ratioMin, ratioMax })).toBe(pace);
  });
});

describe('ratioStrip', () => {
  it('draws half and double as bars of one length on either side of 1', () => {
    const [half, double] = [bar(strip(0.5)), bar(strip(2))];
    expect(half.width).toBeCloseTo(double.width, 1);
    expect(half.x + half.width).toBeCloseTo(double.x, 1);
    expect(double.x).toBeCloseTo(50, 1);
    expect(bar(strip(4)).width).toBeCloseTo(2 * double.width, 1);
  });

  it('tells the ends of a narrow spread apart', () => {
    expect(strip(0.268, 0.2664, 0.2713)).toContain('0.27 of their time, pairs from 0.266 to 0.271');
    expect(strip(0.98, 0.97, 0.996)).toContain('0.98 of their time, pairs from 0.97 to 0.996');
    expect(strip(0.00624, 0.0061, 0.0078)).toContain('0.0062 of their time, pairs from 0.0061 to 0.0078');
  });

  it('says in words what it draws', () => {
    expect(strip(0.5, 0.4, 1.25)).toContain('scan/64bit-q32: 0.50 of their time, pairs from 0.40 to 1.25');
  });
});

describe('logScale', () => {
  const ratios = [0.001, 0.0123, 0.09, 0.4, 0.81, 0.99, 1, 1.02, 1.3, 2.6, 11, 480];
  it('holds every spread and 1; its ticks are ordered, apart, and include 1', () => {
    for (const ratioMin of ratios) {
      for (const ratioMax of ratios.filter((each) => each >= ratioMin)) {
        const { from, to, ticks } = logScale([{ ratioMin, ratioMax }]);
        expect(from < ratioMin && ratioMax < to).toBe(true);
        expect(ticks).toContain(1);
        const places = ticks.map((tick) => (100 * Math.log(tick / from)) / Math.log(to / from));
        for (const [index, place] of places.entries()) {
          expect(place > 0 && place < 100).toBe(true);
          if (index > 0) expect(place - places[index - 1]!).toBeGreaterThanOrEqual(14.9);
        }
      }
    }
  });

  it('has more than one tick on narrow and on wide stretches', () => {
    for (const [ratioMin, ratioMax] of [
      [0.95, 1.05],
      [0.5, 1.4],
      [0.01, 90],
    ] as const) {
      expect(logScale([{ ratioMin, ratioMax }]).ticks.length).toBeGreaterThan(1);
    }
  });
});

describe('speedPage', () => {
  it('shows every row with both sides, ratio, spread, memory, versions and machine', () => {
    const page = speedPage(examplePeers());
    for (const text of ['train-step/cnn', '25.3 ms', '32.5 ms', '0.78', '0.72 to 0.83', 'tensorflow 2.18.1']) {
      expect(page).toContain(text);
    }
    expect(page).toContain('torch 2.13.0+cpu');
    expect(page).toContain('496 MB against 393 MB');
    expect(page).toContain('Made-up CPU 3000, 2 cores, 16.0 GB of memory, linux x64');
    expect(page).toContain('papers peers');
    expect(readable(page)).not.toMatch(/undefined|NaN|\[object/);
  });

  it('counts a work as faster or slower only where all pairs are', () => {
    const page = speedPage(examplePeers());
    expect(page).toMatch(/<li class="faster"><strong>2<\/strong>/);
    expect(page).toMatch(/<li class="slower"><strong>1<\/strong>/);
    expect(page).toMatch(/<li class="even"><strong>1<\/strong>/);
    expect(speedSummary(examplePeers())).toBe('faster in every pair in 2 of 4 pieces of work');
  });

  it('escapes what the file brings', () => {
    const evil = '"><script>alert(1)</script>';
    const rows = examplePeers().rows.map((each) => ({ ...each, work: evil, what: evil, peer: evil, unit: evil }));
    expect(speedPage({ schema: 1, rows }).match(/<script/g)).toHaveLength(1);
  });
});
