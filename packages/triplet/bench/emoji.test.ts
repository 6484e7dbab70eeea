import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ChecksumError } from '@tensor-papers/datasets';
import { createRng } from '@tensor-papers/numerics/random';
import { emoji } from './emoji.js';
import { type Design, emojiClasses, emojiNames, iconOf, plainCodePoints } from './emoji-classes.js';
import { averagePairs, firstOfEachPicture } from './emoji-pixels.js';
import { standard } from './presets.js';
import { drawSplits } from './splits.js';

describe('classes of emoji', () => {
  const body = '<path/>';
  const set = {
    icons: { cat: { body }, 'flag-japan': { body }, 'cat-dark': { body }, 'red-heart': { body } },
    aliases: { kitty: { parent: 'cat' }, turned: { parent: 'cat', rotate: 1 } },
  };
  const names = emojiNames([
    {
      set,
      chars: { '1f408': 'cat', '1f1ef-1f1f5': 'flag-japan', '1f408-1f3ff': 'cat-dark', '2764-fe0f': 'red-heart' },
      categories: { Animals: ['cat', 'cat-dark'], Flags: ['flag-japan'] },
    },
    { set: { icons: {} }, chars: { '1f408': 'pussycat' }, categories: { Pets: ['pussycat'] } },
  ]);

  it('code points lose their variation selectors and leading zeros', () => {
    expect(plainCodePoints('0023-FE0F-20E3')).toBe('23-20e3');
  });

  it('names and aliases lead to code points; skin tones are left out; earlier sets go first', () => {
    expect(names.nameOf.get('1f408')).toBe('cat');
    expect(names.categoryOf.get('1f408')).toBe('Animals');
    expect(names.codePointsOf.get('kitty')).toBe('1f408');
    expect(names.codePointsOf.get('pussycat')).toBe('1f408');
    expect(names.codePointsOf.get('redheart')).toBe('2764');
    expect([...names.nameOf.keys()].sort()).toEqual(['1f1ef-1f1f5', '1f408', '2764']);
  });

  it('an alias that turns an icon is none', () => {
    expect([iconOf(set, 'cat'), iconOf(set, 'kitty'), iconOf(set, 'turned'), iconOf(set, 'dog')]).toEqual([
      ...['cat', 'cat'],
      ...[undefined, undefined],
    ]);
  });

  it('designs meet in classes, by code points or by names, one picture each', () => {
    const designs: Design[] = [
      {
        name: 'a',
        keys: 'code points',
        pictures: { '1f408': 'cat.webp', '2764': 'heart.webp', '1f408-1f3ff': 'dark' },
      },
      { name: 'b', keys: 'names', pictures: { kitty: 'cat', cat: 'cat', redheart: 'heart', unheard: 'x' } },
      { name: 'c', keys: 'code points', pictures: { '1f1ef-1f1f5': 'japan' } },
    ];
    expect(emojiClasses(designs, names, 2)).toEqual([
      {
        ...{ codePoints: '1f408', name: 'cat', category: 'Animals' },
        pictures: [
          { design: 'a', picture: 'cat.webp' },
          { design: 'b', picture: 'cat' },
        ],
      },
      {
        ...{ codePoints: '2764', name: 'red-heart', category: 'other' },
        pictures: [
          { design: 'a', picture: 'heart.webp' },
          { design: 'b', picture: 'heart' },
        ],
      },
    ]);
    expect(emojiClasses(designs, names, 1)).toHaveLength(3);
  });
});

describe('pictures of emoji', () => {
  it('halves their side by means of 2 × 2 pixels', () => {
    const side = 4;
    const value = (picture: number, y: number, x: number, c: number) => 60 * picture + 16 * y + 3 * x + c;
    const pixels = new Uint8Array(2 * side * side * 3);
    for (let i = 0; i < pixels.length; i++) {
      const pixel = Math.floor(i / 3);
      pixels[i] = value(Math.floor(pixel / 16), Math.floor((pixel % 16) / side), pixel % side, i % 3);
    }
    const mean = (picture: number, y: number, x: number, c: number) =>
      Math.floor(value(picture, 2 * y, 2 * x, c) + 8 + 1.5 + 0.5);
    expect(Array.from(averagePairs(pixels, side))).toEqual(
      Array.from({ length: 24 }, (_, i) =>
        mean(Math.floor(i / 12), Math.floor((i % 12) / 6), Math.floor((i % 6) / 3), i % 3),
      ),
    );
  });

  it('keeps the first of equal ones', () => {
    expect(firstOfEachPicture(['a', 'b', 'a', 'c', 'b'])).toEqual([0, 1, 3]);
  });
});

describe('the data set', () => {
  let folder: string;
  const before = { ...process.env };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'triplet-emoji-'));
    process.env.TENSOR_PAPERS_CACHE = folder;
    process.env.TENSOR_PAPERS_DATA = join(folder, 'own');
  });
  afterEach(() => {
    for (const name of ['TENSOR_PAPERS_CACHE', 'TENSOR_PAPERS_DATA']) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
    rmSync(folder, { recursive: true });
  });

  /** A cache of `classes` emoji in two designs, of which the last two are flags. */
  function fillCache(classes: number): void {
    const pictures = Array.from(
      { length: 2 * classes },
      (_, i) => [Math.floor(i / 2), i % 2 === 0 ? 'a' : 'b'] as const,
    );
    const pixels = new Uint8Array(pictures.length * 64 * 64 * 3);
    for (const i of pictures.keys()) pixels.fill(i, i * 64 * 64 * 3, (i + 1) * 64 * 64 * 3);
    const index = {
      sha256: createHash('sha256').update(pixels).digest('hex'),
      classes: Array.from({ length: classes }, (_, c) => ({
        name: `emoji ${c}`,
        category: c >= classes - 2 ? 'Flags' : 'Objects',
      })),
      pictures,
    };
    mkdirSync(join(folder, 'data', 'emoji'), { recursive: true });
    writeFileSync(join(folder, 'data', 'emoji', 'pixels.bin'), pixels);
    writeFileSync(join(folder, 'data', 'emoji', 'index.json'), JSON.stringify(index));
  }

  it('comes out of the cache', async () => {
    fillCache(3);
    const { data, categories } = await emoji();
    expect([data.length, data.shape, data.classNames]).toEqual([6, [32, 32, 3], ['emoji 0', 'emoji 1', 'emoji 2']]);
    expect(data.ids.slice(2, 4)).toEqual(['emoji 1/a', 'emoji 1/b']);
    expect(Array.from(data.labels)).toEqual([0, 0, 1, 1, 2, 2]);
    expect(new Set((await data.images([5])) as Uint8Array)).toEqual(new Set([5]));
    expect(categories).toEqual(['Objects', 'Flags', 'Flags']);
  });

  it('is split by class, another way for another seed, with flags apart', async () => {
    fillCache(12);
    const part = { ...standard.parts[0]!, validationClasses: 2 };
    const splitsOf = (seed: number) =>
      drawSplits({ part, rng: createRng(seed), signal: new AbortController().signal, log: () => {} });
    const { train, validation, test, apart, gallery, note } = await splitsOf(1);
    const classes = [train, validation!, test, apart!].map(({ labels }) => new Set(labels));
    expect(classes.map(({ size }) => size)).toEqual([3, 2, 5, 2]);
    expect(new Set(classes.flatMap((each) => [...each])).size).toBe(12);
    expect([...classes[3]!]).toEqual([10, 11]);
    expect([gallery, note]).toEqual([null, 'classes: 3 train, 2 choose the learning rate, 5 test, 2 apart']);
    expect((await splitsOf(1)).test.ids).toEqual(test.ids);
    expect((await splitsOf(2)).test.ids).not.toEqual(test.ids);
  });

  it('does not draw an archive of other contents', async () => {
    mkdirSync(join(folder, 'own', 'emoji'), { recursive: true });
    writeFileSync(join(folder, 'own', 'emoji', 'iconify-json-noto-1.2.9.tgz'), 'something else');
    await expect(emoji()).rejects.toThrow(ChecksumError);
  });
});
