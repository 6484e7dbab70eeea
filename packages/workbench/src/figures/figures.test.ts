import { inflateSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { meanBar } from './bars.js';
import { meanSeries } from './curve.js';
import { figureSchema } from './figure.js';
import { encodePng, pngDataUri } from './png.js';

describe('meanSeries', () => {
  it('is the mean at every x with a t band, and null where nothing was measured', () => {
    const { name, points } = meanSeries('accuracy', [
      [
        [0, null],
        [1, 1],
        [2, 5],
      ],
      [
        [1, 2],
        [3, Number.NaN],
      ],
      [[1, 3]],
    ]);
    expect(name).toBe('accuracy');
    expect(points.map(({ x, y }) => [x, y])).toEqual([
      [0, null],
      [1, 2],
      [2, 5],
      [3, null],
    ]);
    // 1, 2, 3: half width 4.302653 / √3.
    expect(points[1]!.low).toBeCloseTo(2 - 2.484138, 5);
    expect(points[1]!.high).toBeCloseTo(2 + 2.484138, 5);
    expect(points[2]).toEqual({ x: 2, y: 5 });
  });
});

describe('meanBar', () => {
  it('has an interval from three values on, and is undefined without one', () => {
    expect(meanBar('a', [1, 2])).toEqual({ label: 'a', value: 1.5 });
    expect(meanBar('a', [null, undefined, Number.NaN])).toBeUndefined();
    expect(meanBar('a', [3, null], 'group')).toEqual({ label: 'a', value: 3, group: 'group' });
    const bar = meanBar('a', [1, 2, 3])!;
    expect([bar.value, bar.low, bar.high].map((value) => value!.toFixed(4))).toEqual(['2.0000', '-0.4841', '4.4841']);
  });
});

describe('encodePng', () => {
  /** Chunks of a PNG by type. */
  function chunks(png: Uint8Array): Map<string, Buffer> {
    const bytes = Buffer.from(png);
    const found = new Map<string, Buffer>();
    for (let at = 8; at < bytes.length; at += 12 + bytes.readUInt32BE(at)) {
      found.set(bytes.toString('latin1', at + 4, at + 8), bytes.subarray(at + 8, at + 8 + bytes.readUInt32BE(at)));
    }
    return found;
  }

  it.each([
    [1, 0],
    [3, 2],
    [4, 6],
  ])('keeps the pixels of %d channels, rows from the top', (channels, colourType) => {
    const pixels = Uint8Array.from({ length: 2 * 3 * channels }, (_, index) => index * 7);
    const png = encodePng(pixels, 2, 3, channels);
    const { IHDR, IDAT } = Object.fromEntries(chunks(png));
    expect([IHDR!.readUInt32BE(0), IHDR!.readUInt32BE(4), IHDR![8], IHDR![9]]).toEqual([2, 3, 8, colourType]);
    const rows = inflateSync(IDAT!);
    const stride = 2 * channels;
    const decoded = [0, 1, 2].flatMap((y) => [...rows.subarray(y * (stride + 1) + 1, (y + 1) * (stride + 1))]);
    expect(decoded).toEqual([...pixels]);
  });

  it('ends with the chunk whose bytes every PNG ends with', () => {
    const png = Buffer.from(encodePng(Uint8Array.of(1), 1, 1, 1));
    expect(png.subarray(-12).toString('hex')).toBe('0000000049454e44ae426082');
  });

  it.each([
    [[3, 1, 1, 1], /needs 1 bytes, got 3/],
    [[5, 1, 1, 5], /channels/],
    [[0, 0, 1, 1], /positive width/],
  ] as const)('refuses sizes that do not agree: %j', ([length, width, height, channels], message) => {
    expect(() => encodePng(new Uint8Array(length), width, height, channels)).toThrow(message);
  });
});

describe('figureSchema', () => {
  const block = { id: 'a-figure', title: 'T', caption: '', alt: 'What it shows' };
  const image = pngDataUri(Uint8Array.of(1), 1, 1, 1);
  it.each([
    { kind: 'curve', x: { label: 'x' }, y: { label: 'y', unit: '%' }, series: [meanSeries('s', [[[0, 1]]])] },
    { kind: 'bars', unit: '%', bars: [{ label: 'a', value: 1, low: 0, high: 2 }] },
    {
      kind: 'confusion',
      classes: ['a', 'b'],
      matrix: [
        [1, 0],
        [2, 3],
      ],
    },
    { kind: 'gallery', items: [{ image, title: 'a', labels: ['x'], bars: [{ name: 'm', values: [1] }] }] },
    { kind: 'image-grid', columns: 2, images: [{ image }] },
    { kind: 'scatter', x: { label: 'x' }, y: { label: 'y' }, points: [{ x: 0, y: 1, group: 'g' }] },
    {
      kind: 'table',
      columns: ['a', 'b'],
      rows: [
        [1, null],
        ['x', true],
      ],
    },
    { kind: 'formula', tex: 'x^2', meaning: 'a square' },
  ])('takes a $kind', (figure) => {
    expect(figureSchema.safeParse({ ...block, ...figure }).error).toBeUndefined();
  });

  it.each([
    [{ kind: 'pie' }],
    [{ kind: 'table', columns: ['a'], rows: [[1, 2]] }],
    [{ kind: 'confusion', classes: ['a'], matrix: [[1, 2]] }],
    [{ kind: 'image-grid', columns: 1, images: [{ image: 'http://example.org/a.png' }] }],
    [{ kind: 'formula', tex: 'x', meaning: '', id: 'Not An Id' }],
    [{ kind: 'formula', tex: 'x', meaning: '', alt: '' }],
    [{ kind: 'bars', unit: '', bars: [{ label: 'a', value: Number.NaN }] }],
  ])('refuses %j', (figure) => {
    expect(figureSchema.safeParse({ ...block, ...figure }).success).toBe(false);
  });
});
