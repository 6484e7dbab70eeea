import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createRng } from '../random/index.js';
import type { DrawOf } from './draw.js';
import {
  type Augmentation,
  applyToImage,
  applyToMask,
  applyToPoints,
  augmentBatch,
  augmentedShape,
  drawTransforms,
} from './index.js';

const side = fc.integer({ min: 2, max: 9 });
const noise = (length: number, seed: number) => {
  const rng = createRng(seed);
  return Float32Array.from({ length }, () => rng.uniform());
};

describe('crop and center-crop', () => {
  it('the middle, an odd rest leaving more below and to the right', () => {
    const pixels = Float32Array.from({ length: 20 }, (_, i) => i);
    const middle = (size: [number, number]) => {
      const draws = drawTransforms([{ kind: 'center-crop', size }], [4, 5], createRng(0));
      return [...applyToImage(pixels, [4, 5, 1], draws)];
    };
    expect(middle([2, 3])).toEqual([6, 7, 8, 11, 12, 13]);
    expect(middle([1, 2])).toEqual([6, 7]);
    expect(middle([4, 5])).toEqual([...pixels]);
  });

  it.each(['constant', 'reflect'] as const)('a window of the padded image with a %s border', (border) => {
    fc.assert(
      fc.property(side, side, fc.nat(3), fc.nat(), (height, width, wanted, seed) => {
        const padding = Math.min(wanted, height - 1, width - 1);
        const rng = createRng(seed);
        const rows = 1 + rng.integer(height + 2 * padding);
        const columns = 1 + rng.integer(width + 2 * padding);
        const augmentation: Augmentation = [{ kind: 'crop', padding, size: [rows, columns], border, fill: 0.5 }];
        const [draw] = drawTransforms(augmentation, [height, width], rng) as [DrawOf<'crop'>];
        expect(draw.top >= -padding && draw.top + rows <= height + padding).toBe(true);
        expect(draw.left >= -padding && draw.left + columns <= width + padding).toBe(true);
        const pixels = noise(height * width * 2, seed);
        const cut = applyToImage(pixels, [height, width, 2], [draw]);
        const mirror = (at: number, length: number) => (at < 0 ? -at : at >= length ? 2 * length - 2 - at : at);
        const expected: number[] = [];
        for (let y = draw.top; y < draw.top + rows; y++) {
          for (let x = draw.left; x < draw.left + columns; x++) {
            const outside = y < 0 || x < 0 || y >= height || x >= width;
            for (let c = 0; c < 2; c++) {
              const from = (mirror(y, height) * width + mirror(x, width)) * 2 + c;
              expected.push(outside && border === 'constant' ? 0.5 : pixels[from]!);
            }
          }
        }
        expect([...cut]).toEqual(expected);
      }),
    );
  });

  it('reaches every place and no further', () => {
    const rng = createRng(2);
    const augmentation: Augmentation = [{ kind: 'crop', padding: 1, size: [3, 4] }];
    const places = Array.from({ length: 1000 }, (_, i) => {
      const [draw] = drawTransforms(augmentation, [4, 4], rng.stream(i)) as [DrawOf<'crop'>];
      return `${draw.top},${draw.left}`;
    });
    expect([...new Set(places)].sort()).toEqual(
      [-1, 0, 1, 2].flatMap((top) => [-1, 0, 1].map((left) => `${top},${left}`)).sort(),
    );
  });

  it('copies rows that are longer than the loop is good for', () => {
    const pixels = noise(2 * 400, 3);
    const shift = { kind: 'shift', dx: 7, dy: 1, border: 'constant', fill: 0.25 } as const;
    const moved = applyToImage(pixels, [2, 400, 1], [shift]);
    expect([...moved.subarray(0, 407)]).toEqual(Array.from({ length: 407 }, () => 0.25));
    expect([...moved.subarray(407)]).toEqual([...pixels.subarray(0, 393)]);
  });
});

describe('resized-crop', () => {
  /** Sum over the window with the triangle filter in two dimensions at once. */
  function reference(pixels: Float32Array, width: number, draw: DrawOf<'resized-crop'>): number[] {
    const [rows, columns] = draw.size;
    const weight = (index: number, from: number, to: number, at: number) => {
      const scale = from / to;
      return Math.max(0, 1 - Math.abs(at - ((index + 0.5) * scale - 0.5)) / Math.max(1, scale));
    };
    const result: number[] = [];
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < columns; x++) {
        let [sum, total] = [0, 0];
        for (let j = 0; j < draw.height; j++) {
          for (let i = 0; i < draw.width; i++) {
            const w = weight(y, draw.height, rows, j) * weight(x, draw.width, columns, i);
            sum += w * pixels[(j + draw.top) * width + i + draw.left]!;
            total += w;
          }
        }
        result.push(sum / total);
      }
    }
    return result;
  }

  it('is the triangle filter over the window', () => {
    fc.assert(
      fc.property(
        side,
        side,
        fc.integer({ min: 1, max: 14 }),
        fc.integer({ min: 1, max: 14 }),
        fc.nat(),
        (...given) => {
          const [height, width, rows, columns, seed] = given;
          const augmentation: Augmentation = [{ kind: 'resized-crop', size: [rows, columns] }];
          const [draw] = drawTransforms(augmentation, [height, width], createRng(seed)) as [DrawOf<'resized-crop'>];
          const pixels = noise(height * width, seed);
          const resized = applyToImage(pixels, [height, width, 1], [draw]);
          reference(pixels, width, draw).forEach((value, i) => {
            expect(Math.abs(resized[i]! - value)).toBeLessThan(1e-6);
          });
        },
      ),
    );
  });

  // PyTorch 2.13: interpolate([[0, 1, 2, 3]], mode 'bilinear', align_corners False, antialias True) to 1 × 6 and to 1 × 2.
  it('gives the values of a known implementation', () => {
    const row = Float32Array.of(0, 1, 2, 3);
    const resize = (columns: number) =>
      [
        ...applyToImage(
          row,
          [1, 4, 1],
          [{ kind: 'resized-crop', top: 0, left: 0, height: 1, width: 4, size: [1, columns] }],
        ),
      ].map((value) => Math.round(value * 1e5) / 1e5);
    expect(resize(6)).toEqual([0, 0.5, 1.16667, 1.83333, 2.5, 3]);
    expect(resize(2)).toEqual([0.71429, 2.28571]);
  });

  it('keeps channels apart and equal pixels equal', () => {
    const pixels = Float32Array.from({ length: 5 * 7 * 3 }, (_, i) => [0.1, 0.5, 0.9][i % 3]!);
    const draws = drawTransforms([{ kind: 'resized-crop', size: [4, 9] }], [5, 7], createRng(1));
    applyToImage(pixels, [5, 7, 3], draws).forEach((value, i) => {
      expect(value).toBeCloseTo([0.1, 0.5, 0.9][i % 3]!, 6);
    });
  });

  it('draws windows inside, within the bounds of area and aspect ratio', () => {
    const rng = createRng(4);
    const windows = Array.from({ length: 2000 }, (_, i) => {
      const augmentation: Augmentation = [{ kind: 'resized-crop', scale: [0.2, 0.6], ratio: [0.5, 2] }];
      return drawTransforms(augmentation, [60, 80], rng.stream(i))[0] as DrawOf<'resized-crop'>;
    });
    for (const { top, left, height, width, size } of windows) {
      expect(size).toEqual([60, 80]);
      expect(top >= 0 && left >= 0 && top + height <= 60 && left + width <= 80).toBe(true);
    }
    const areas = windows.map(({ height, width }) => (height * width) / 4800);
    const ratios = windows.map(({ height, width }) => width / height);
    for (const [values, low, high] of [
      [areas, 0.2, 0.6],
      [ratios, 0.5, 2],
    ] as const) {
      expect(Math.min(...values)).toBeGreaterThan(low * 0.95);
      expect(Math.min(...values)).toBeLessThan(low * 1.1);
      expect(Math.max(...values)).toBeGreaterThan(high * 0.9);
      expect(Math.max(...values)).toBeLessThan(high * 1.05);
    }
    expect(new Set(windows.map(({ top }) => top)).size).toBeGreaterThan(20);
  });

  it('takes the largest window in the middle where none fits', () => {
    const wide: Augmentation = [{ kind: 'resized-crop', scale: [1, 1], ratio: [1, 1] }];
    expect(drawTransforms(wide, [4, 10], createRng(1))).toEqual([
      { kind: 'resized-crop', top: 0, left: 3, height: 4, width: 4, size: [4, 10] },
    ]);
    expect(drawTransforms(wide, [9, 4], createRng(1))).toEqual([
      { kind: 'resized-crop', top: 2, left: 0, height: 4, width: 4, size: [9, 4] },
    ]);
  });
});

describe('a size that changes on the way', () => {
  const augmentation: Augmentation = [
    { kind: 'crop', padding: 2, size: [9, 7] },
    { kind: 'flip', probability: 1 },
    { kind: 'cutout', size: 2 },
    { kind: 'center-crop', size: [6, 6] },
    { kind: 'flip', axis: 'vertical', probability: 1 },
    { kind: 'resized-crop', size: [12, 10] },
    { kind: 'affine', degrees: 20 },
    { kind: 'gaussian-blur', sigma: [0.5, 1] },
    { kind: 'shift', pixels: 2 },
  ];

  it('gives image, mask and batch one size, which is known before', () => {
    expect(augmentedShape(augmentation, [8, 8, 3])).toEqual([12, 10, 3]);
    const draws = drawTransforms(augmentation, [8, 8], createRng(1).stream(0));
    const pixels = noise(192, 1);
    const image = applyToImage(pixels, [8, 8, 3], draws);
    expect(image).toHaveLength(360);
    expect(applyToMask(new Uint8Array(64), [8, 8], draws, 1)).toHaveLength(120);
    const batch = augmentBatch(noise(384, 1), [2, 8, 8, 3], augmentation, createRng(1));
    expect(batch).toHaveLength(720);
    expect(batch.subarray(0, 360)).toEqual(image);
  });

  it('checks each transform against the size that it meets', () => {
    const later = (size: [number, number]) => () =>
      augmentedShape(
        [
          { kind: 'center-crop', size: [4, 4] },
          { kind: 'center-crop', size },
        ],
        [8, 8, 1],
      );
    expect(later([4, 4])()).toEqual([4, 4, 1]);
    expect(later([5, 4])).toThrow('augmentation[1]: center-crop.size[0]: expected an integer in 1 … 4, got 5');
  });

  it('a point follows its pixel through crops and flips', () => {
    const whole: Augmentation = [
      { kind: 'crop', padding: 2, size: [9, 7] },
      { kind: 'flip' },
      { kind: 'center-crop', size: [6, 6] },
      { kind: 'flip', axis: 'vertical' },
    ];
    fc.assert(
      fc.property(fc.nat(63), fc.nat(), (index, seed) => {
        const draws = drawTransforms(whole, [8, 8], createRng(seed));
        const mask = new Uint8Array(64);
        mask[index] = 1;
        const [x, y] = applyToPoints(Float32Array.of(index % 8, Math.floor(index / 8)), [8, 8], draws);
        const inside = x! >= 0 && x! < 6 && y! >= 0 && y! < 6;
        const moved = applyToMask(mask, [8, 8], draws, 0);
        expect(moved.indexOf(1)).toBe(inside ? y! * 6 + x! : -1);
        expect([...applyToImage(Float32Array.from(mask), [8, 8, 1], draws)]).toEqual([...moved]);
      }),
    );
  });

  it('after a resized crop a spot, its mask and its point lie at one place', () => {
    const [height, width] = [41, 37];
    const mask = new Uint8Array(height * width);
    for (let y = 17; y <= 23; y++) for (let x = 15; x <= 21; x++) mask[y * width + x] = 1;
    const pixels = Float32Array.from(mask);
    let compared = 0;
    for (let seed = 0; seed < 60; seed++) {
      const augmentation: Augmentation = [{ kind: 'resized-crop', scale: [0.4, 1], size: [50, 30] }];
      const draws = drawTransforms(augmentation, [height, width], createRng(seed));
      const { top, left, ...window } = draws[0] as DrawOf<'resized-crop'>;
      // The spot has to lie wholly in the window for its centroid to be its centre.
      if (top > 15 || left > 13 || top + window.height < 26 || left + window.width < 24) continue;
      compared += 1;
      const [x, y] = applyToPoints(Float32Array.of(18, 20), [height, width], draws);
      const centroids = [applyToImage(pixels, [height, width, 1], draws), applyToMask(mask, [height, width], draws, 0)];
      centroids.forEach((values, k) => {
        let [sum, sx, sy] = [0, 0, 0];
        values.forEach((value, i) => {
          sum += value;
          sx += value * (i % 30);
          sy += value * Math.floor(i / 30);
        });
        const tolerance = k === 0 ? 0.1 : 0.75;
        expect(Math.abs(sx / sum - x!)).toBeLessThan(tolerance);
        expect(Math.abs(sy / sum - y!)).toBeLessThan(tolerance);
      });
    }
    expect(compared).toBeGreaterThan(10);
  });
});
