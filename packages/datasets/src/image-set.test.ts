import { describe, expect, it } from '@jest/globals';
import { createRng } from '@tensor-papers/numerics/random';
import fc from 'fast-check';
import { classBalancedIndices } from './class-balanced-indices.js';
import { imageSet } from './image-set.js';
import { nearestName } from './nearest-name.js';
import { subset } from './subset.js';
import { validateLabels } from './validate-labels.js';

const source = { id: 'test', sha256: '00', licence: 'none', citation: 'none' };
const contents = {
  pixels: Uint8Array.from({ length: 24 }, (_, i) => i),
  labels: [1, 0, 1, -1],
  shape: [1, 2, 3] as const,
  classNames: ['a', 'b'],
  source,
};

describe('imageSet', () => {
  it('gives copies of the rows asked for, in that order', async () => {
    const data = imageSet(contents);
    expect(data).toMatchObject({
      length: 4,
      shape: [1, 2, 3],
      classNames: ['a', 'b'],
      ids: ['0', '1', '2', '3'],
      source,
    });
    expect(data.labels).toEqual(Int32Array.of(1, 0, 1, -1));
    const rows = await data.images([2, 0, 2]);
    expect([...rows]).toEqual([12, 13, 14, 15, 16, 17, 0, 1, 2, 3, 4, 5, 12, 13, 14, 15, 16, 17]);
    rows.fill(99);
    expect([...(await data.images(Int32Array.of(0)))]).toEqual([0, 1, 2, 3, 4, 5]);
    expect(await data.images([])).toHaveLength(0);
  });

  it.each<[string, string, object]>([
    ['pixels missing', 'data/shape-mismatch', { pixels: new Uint8Array(23) }],
    ['a label too many', 'data/shape-mismatch', { labels: [0, 0, 0, 0, 0] }],
    ['an id missing', 'data/shape-mismatch', { ids: ['x'] }],
    ['a side of 0', 'data/shape-mismatch', { shape: [0, 2, 3] }],
    ['a label outside the classes', 'data/label-range', { labels: [0, 1, 2, 0] }],
    ['half a label', 'data/label-range', { labels: [0, 0.5, 1, 0] }],
  ])('%s: %s', (_, code, change) => {
    expect(() => imageSet({ ...contents, ...change })).toThrow(expect.objectContaining({ code }));
  });

  it.each([4, -1, 0.5, Number.NaN])('index %p is refused', (index) => {
    expect(() => imageSet(contents).images([index])).toThrow(expect.objectContaining({ code: 'data/index-range' }));
  });
});

describe('subset', () => {
  it('is the data at those indices, and a subset of a subset as well', async () => {
    const whole = imageSet(contents);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(3), { minLength: 1 }), fc.nat(), async (indices, seed) => {
        const part = subset(whole, indices);
        const order = createRng(seed).permutation(indices.length);
        const again = subset(part, order);
        const expected = Array.from(order, (i) => indices[i]!);
        expect(again.ids).toEqual(expected.map(String));
        expect([...again.labels]).toEqual(expected.map((i) => whole.labels[i]!));
        const all = Array.from({ length: again.length }, (_, i) => i);
        expect(await again.images(all)).toEqual(await whole.images(expected));
      }),
    );
  });

  it('passes targets on where there are any', () => {
    const whole = {
      ...imageSet(contents),
      targets: (indices: ArrayLike<number>) => Array.from(indices, (i) => i * 10),
    };
    expect(subset(whole, [3, 1]).targets?.([1, 0])).toEqual([10, 30]);
    expect('targets' in subset(imageSet(contents), [0])).toBe(false);
  });

  it('refuses an index that no image has', () => {
    expect(() => subset(imageSet(contents), [4])).toThrow(expect.objectContaining({ code: 'data/index-range' }));
    expect(() => subset(imageSet(contents), [1]).images([1])).toThrow(
      expect.objectContaining({ code: 'data/index-range' }),
    );
  });
});

describe('classBalancedIndices', () => {
  const labels = Int32Array.from({ length: 300 }, (_, i) => (i % 50 === 0 ? -1 : (i * i + (i % 7)) % 3));

  it('takes equally many of each class, each once, in ascending order, and none without a label', () => {
    const indices = classBalancedIndices(labels, 20, createRng(1));
    expect(indices).toHaveLength(60);
    for (let label = 0; label < 3; label++) expect(indices.filter((i) => labels[i] === label)).toHaveLength(20);
    expect([...indices]).toEqual([...new Set(indices)].sort((a, b) => a - b));
  });

  it('repeats with the seed, differs with another, and grows without dropping any', () => {
    const twenty = classBalancedIndices(labels, 20, createRng(1));
    expect(classBalancedIndices(labels, 20, createRng(1))).toEqual(twenty);
    expect(classBalancedIndices(labels, 20, createRng(2))).not.toEqual(twenty);
    expect([...classBalancedIndices(labels, 30, createRng(1))]).toEqual(expect.arrayContaining([...twenty]));
  });

  it('chooses of a class what it would choose whatever the other classes hold', () => {
    const merged = labels.map((label) => (label === 0 ? -1 : label));
    merged[0] = merged[50] = merged[100] = 0;
    const [before, after] = [
      classBalancedIndices(labels, 3, createRng(1)),
      classBalancedIndices(merged, 3, createRng(1)),
    ];
    for (const label of [1, 2]) {
      const of = (indices: Int32Array) => [...indices].filter((i) => labels[i] === label);
      expect(of(after)).toEqual(of(before));
    }
  });

  it('is fair to every example', () => {
    const counts = new Array<number>(10).fill(0);
    for (let seed = 0; seed < 3000; seed++) {
      for (const index of classBalancedIndices(new Int32Array(10), 3, createRng(seed))) counts[index]!++;
    }
    for (const count of counts) expect(Math.abs(count - 900)).toBeLessThan(4 * Math.sqrt(3000 * 0.21));
  });

  it.each([
    ['too few', [0, 1], 2],
    ['a class in between without examples', [0, 2, 0, 2], 1],
    ['a huge class id', [0, 2 ** 30], 1],
    ['no labels at all', [-1, -1], 1],
    ['none per class', [0, 1], 0],
  ])('%s is refused', (_, values, perClass) => {
    expect(() => classBalancedIndices(values, perClass, createRng(1))).toThrow(
      expect.objectContaining({ code: 'data/too-few-examples' }),
    );
  });
});

describe('validateLabels', () => {
  it('returns labels that are class ids', () => {
    const labels = Int32Array.of(0, 2);
    expect(validateLabels(labels, 3)).toBe(labels);
    expect(validateLabels([-1, 0], 1, { allowMissing: true })).toEqual([-1, 0]);
  });

  it('names the first that is none', () => {
    expect(() => validateLabels([0, 3, 4], 3)).toThrow('label of image 1: expected a class in 0 … 2, got 3');
    expect(() => validateLabels([-1], 3)).toThrow(expect.objectContaining({ code: 'data/label-range' }));
    expect(() => validateLabels([-2], 3, { allowMissing: true })).toThrow('(−1 where missing), got -2');
    expect(() => validateLabels([Number.NaN], 3)).toThrow(expect.objectContaining({ code: 'data/label-range' }));
  });
});

describe('nearestName', () => {
  it('finds a misspelt name and gives up on another word', () => {
    expect(nearestName('fashon-mnist', ['fashion-mnist', 'fashion-mnist/subset'])).toBe('fashion-mnist');
    expect(nearestName('Fashion-MNIST/subst', ['fashion-mnist', 'fashion-mnist/subset'])).toBe('fashion-mnist/subset');
    expect(nearestName('imagenet-21k-winter', ['fashion-mnist'])).toBeUndefined();
    expect(nearestName('x', [])).toBeUndefined();
  });
});
