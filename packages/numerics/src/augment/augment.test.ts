import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createRng } from '../random/index.js';
import type { Draw } from './draw.js';
import {
  type Augmentation,
  applyToImage,
  applyToMask,
  applyToPoints,
  augmentBatch,
  checkAugmentation,
  drawTransforms,
  type Transform,
} from './index.js';

const everything: Augmentation = [
  { kind: 'flip' },
  { kind: 'flip', axis: 'vertical', probability: 0.3 },
  { kind: 'shift', pixels: 2, fill: 0.25 },
  { kind: 'crop', padding: 2, border: 'reflect' },
  { kind: 'affine', degrees: 20, scale: [0.8, 1.25], shear: 10, translate: 0.1, fill: 0.5 },
  { kind: 'brightness-contrast', brightness: 0.2, contrast: 0.4 },
  { kind: 'cutout', size: 3 },
];
const image = (height: number, width: number, channels = 1, seed = 0) => {
  const rng = createRng(seed);
  return Float32Array.from({ length: height * width * channels }, () => rng.uniform());
};
const counting = (length: number) => Float32Array.from({ length }, (_, i) => (i + 1) / 100);
/** Hundredths of a 2 × 3 picture, as they stand. */
const hundredths = (pixels: Float32Array) => [...pixels].map((value) => Math.round(value * 100));
const apply = (pixels: Float32Array, shape: [number, number, number], ...draws: Draw[]) =>
  hundredths(applyToImage(pixels, shape, draws));
const side = fc.integer({ min: 3, max: 9 });

describe('what each draw does to an image', () => {
  // 1 2 3
  // 4 5 6
  const six = counting(6);

  it('flip', () => {
    expect(apply(six, [2, 3, 1], { kind: 'flip', axis: 'horizontal' })).toEqual([3, 2, 1, 6, 5, 4]);
    expect(apply(six, [2, 3, 1], { kind: 'flip', axis: 'vertical' })).toEqual([4, 5, 6, 1, 2, 3]);
    expect(apply(six, [1, 3, 2], { kind: 'flip', axis: 'horizontal' })).toEqual([5, 6, 3, 4, 1, 2]);
  });

  it('shift', () => {
    const shift = { kind: 'shift', border: 'constant', fill: 0.09 } as const;
    expect(apply(six, [2, 3, 1], { ...shift, dx: 1, dy: 0 })).toEqual([9, 1, 2, 9, 4, 5]);
    expect(apply(six, [2, 3, 1], { ...shift, dx: 0, dy: -1 })).toEqual([4, 5, 6, 9, 9, 9]);
    expect(apply(six, [2, 3, 1], { ...shift, dx: -2, dy: 1 })).toEqual([9, 9, 9, 3, 9, 9]);
  });

  it('shift at a reflecting border', () => {
    const shift = { kind: 'shift', border: 'reflect', fill: 0 } as const;
    expect(apply(six, [2, 3, 1], { ...shift, dx: 2, dy: 0 })).toEqual([3, 2, 1, 6, 5, 4]);
    expect(apply(six, [2, 3, 1], { ...shift, dx: -1, dy: 1 })).toEqual([5, 6, 5, 2, 3, 2]);
  });

  it('cutout', () => {
    const cutout = { kind: 'cutout', top: 0, left: 1, bottom: 2, right: 2, fill: 0.5 } as const;
    expect(apply(six, [2, 3, 1], cutout)).toEqual([1, 50, 3, 4, 50, 6]);
    expect(apply(counting(8), [2, 2, 2], { ...cutout, top: 1 })).toEqual([1, 2, 3, 4, 5, 6, 50, 50]);
  });

  it('affine samples bilinearly', () => {
    const half = { kind: 'affine', matrix: [1, 0, 0.5, 0, 1, 0], fill: 0 } as const;
    expect(applyToImage(Float32Array.of(0.2, 0.4, 0.8), [1, 3, 1], [half])[0]).toBeCloseTo(0.3, 6);
    expect(applyToImage(Float32Array.of(0.2, 0.4, 0.8), [1, 3, 1], [half])[2]).toBeCloseTo(0.4, 6);
    const down = { kind: 'affine', matrix: [1, 0, 0, 0, 1, -0.25], fill: 1 } as const;
    expect(applyToImage(Float32Array.of(0.4, 0.8), [2, 1, 1], [down])[1]).toBeCloseTo(0.7, 6);
  });

  it('brightness and contrast about the mean, cut to [0, 1]', () => {
    const pixels = Float32Array.of(0.2, 0.4, 0.6, 0.8);
    const recolour = (brightness: number, contrast: number) =>
      [...applyToImage(pixels, [2, 2, 1], [{ kind: 'brightness-contrast', brightness, contrast }])].map(
        (value) => Math.round(value * 1000) / 1000,
      );
    expect(recolour(0.1, 1)).toEqual([0.3, 0.5, 0.7, 0.9]);
    expect(recolour(0, 0.5)).toEqual([0.35, 0.45, 0.55, 0.65]);
    expect(recolour(0.3, 2)).toEqual([0.2, 0.6, 1, 1]);
    expect(recolour(0, 0)).toEqual([0.5, 0.5, 0.5, 0.5]);
  });
});

describe('how draws are thrown', () => {
  const rng = createRng(1);
  const many = (transform: Transform, size: [number, number] = [8, 8]) =>
    Array.from({ length: 2000 }, (_, i) => drawTransforms([transform], size, rng.stream(i))[0]);

  it('flips as often as asked', () => {
    for (const probability of [0, 0.2, 1]) {
      const flips = many({ kind: 'flip', probability }).filter((draw) => draw !== undefined).length;
      expect(Math.abs(flips / 2000 - probability)).toBeLessThanOrEqual(
        4 * Math.sqrt(0.16 / 2000) * Number(probability === 0.2),
      );
    }
  });

  it('shifts and crops reach every offset and no further', () => {
    for (const transform of [{ kind: 'shift', pixels: 2 } as const, { kind: 'crop', padding: 2 } as const]) {
      const places = new Set(many(transform).map((draw) => draw?.kind === 'shift' && `${draw.dx},${draw.dy}`));
      expect(places.size).toBe(25);
      expect(places).toContain('-2,2');
    }
  });

  it('cutout centres lie on every pixel; the square is cut at the edge', () => {
    const draws = many({ kind: 'cutout', size: 4 }, [5, 6]) as Extract<Draw, { kind: 'cutout' }>[];
    expect(new Set(draws.map(({ top, left, bottom, right }) => `${top} ${left} ${bottom} ${right}`)).size).toBe(30);
    for (const { top, left, bottom, right } of draws) {
      expect(top >= 0 && left >= 0 && bottom <= 5 && right <= 6 && bottom > top && right > left).toBe(true);
      expect(bottom - top <= 4 && right - left <= 4).toBe(true);
    }
  });

  it('affine keeps the centre, and scales, turns, shears and moves by what was asked', () => {
    const [height, width] = [9, 15];
    const at = (transform: Omit<Extract<Transform, { kind: 'affine' }>, 'kind'>, x: number, y: number) => {
      const draws = drawTransforms([{ kind: 'affine', ...transform }], [height, width], rng);
      return [...applyToPoints(Float32Array.of(x, y), [height, width], draws)];
    };
    expect(at({ degrees: 180, shear: 60, scale: [0.5, 2] }, 7, 4)).toEqual([7, 4]);
    expect(at({ scale: [2, 2] }, 8, 5)).toEqual([9, 6]);
    const turned = many({ kind: 'affine', degrees: 90 }, [height, width]).map((draw) => {
      const [x, y] = applyToPoints(Float32Array.of(8, 4), [height, width], [draw!]);
      expect(Math.hypot(x! - 7, y! - 4)).toBeCloseTo(1, 5);
      return Math.atan2(y! - 4, x! - 7) / Math.PI;
    });
    expect(Math.min(...turned)).toBeLessThan(-0.49);
    expect(Math.max(...turned)).toBeGreaterThan(0.49);
    const sheared = many({ kind: 'affine', shear: 45 }, [height, width]).map((draw) => {
      const [x, y] = applyToPoints(Float32Array.of(7, 5), [height, width], [draw!]);
      expect(y).toBeCloseTo(5, 5);
      return x! - 7;
    });
    expect(Math.max(...sheared)).toBeGreaterThan(0.9);
    expect(Math.max(...sheared)).toBeLessThanOrEqual(1);
    expect(Math.min(...sheared)).toBeLessThan(-0.9);
    const moved = many({ kind: 'affine', translate: 0.2 }, [height, width]).map((draw) => [
      ...applyToPoints(Float32Array.of(0, 0), [height, width], [draw!]),
    ]);
    expect(Math.max(...moved.map(([x]) => x!))).toBeCloseTo(3, 1);
    expect(Math.max(...moved.map(([, y]) => y!))).toBeCloseTo(1.8, 1);
  });

  it('affine is scale after rotation after shear about the centre, then the shift', () => {
    const [height, width] = [9, 15];
    const parts = { degrees: 40, scale: [0.5, 2], shear: 30, translate: 0.3 } as const;
    for (let seed = 0; seed < 20; seed++) {
      const move = (part: Partial<typeof parts>, [x, y]: number[]) => {
        const draws = drawTransforms([{ kind: 'affine', ...part }], [height, width], createRng(seed));
        return [...applyToPoints(Float32Array.of(x!, y!), [height, width], draws)];
      };
      const { degrees, scale, shear, translate } = parts;
      const steps = [{ shear }, { degrees }, { scale }, { translate }];
      const [x, y] = steps.reduce<number[]>((point, part) => move(part, point), [3, 7]);
      const [gotX, gotY] = move(parts, [3, 7]);
      expect(gotX).toBeCloseTo(x!, 4);
      expect(gotY).toBeCloseTo(y!, 4);
    }
  });

  it('a transform draws the same whatever stands before it', () => {
    const last = (first: Transform) =>
      drawTransforms([first, { kind: 'shift', pixels: 50 }], [100, 100], rng.stream('x')).at(-1);
    expect(last({ kind: 'flip', probability: 0 })).toEqual(last({ kind: 'affine', degrees: 5 }));
  });

  it('draws and descriptions are plain JSON', () => {
    const draws = drawTransforms(everything, [8, 8], rng);
    expect(JSON.parse(JSON.stringify(draws))).toEqual(draws);
    expect(drawTransforms(JSON.parse(JSON.stringify(everything)), [8, 8], rng)).toEqual(draws);
  });
});

describe('image, mask and points move together', () => {
  it('a mask whose ids are the pixels stays equal to the image under flips and shifts', () => {
    const whole: Augmentation = [
      { kind: 'flip' },
      { kind: 'flip', axis: 'vertical' },
      { kind: 'shift', pixels: 2, fill: 0 },
      { kind: 'crop', padding: 2, border: 'reflect' },
      { kind: 'crop', padding: 1 },
    ];
    fc.assert(
      fc.property(side, side, fc.nat(), (height, width, seed) => {
        const ids = Int32Array.from({ length: height * width }, (_, i) => i + 1);
        const draws = drawTransforms(whole, [height, width], createRng(seed));
        const pixels = applyToImage(Float32Array.from(ids), [height, width, 1], draws);
        expect([...applyToMask(ids, [height, width], draws, 0)]).toEqual([...pixels]);
      }),
    );
  });

  it('a point follows its pixel under flips and shifts', () => {
    fc.assert(
      fc.property(side, side, fc.nat(), fc.nat(), (height, width, seed, place) => {
        const index = place % (height * width);
        const mask = new Uint8Array(height * width);
        mask[index] = 1;
        const draws = drawTransforms(
          [{ kind: 'flip' }, { kind: 'shift', pixels: 2 }, { kind: 'flip', axis: 'vertical' }],
          [height, width],
          createRng(seed),
        );
        const [x, y] = applyToPoints(Float32Array.of(index % width, Math.floor(index / width)), [height, width], draws);
        const inside = x! >= 0 && x! < width && y! >= 0 && y! < height;
        const found = applyToMask(mask, [height, width], draws, 0).indexOf(1);
        expect(found).toBe(inside ? y! * width + x! : -1);
      }),
    );
  });

  it('under an affine draw a bright spot, its mask and its point end up at one place', () => {
    const [height, width] = [41, 41];
    const pixels = new Float32Array(height * width);
    const mask = new Uint8Array(height * width);
    for (let y = 10; y <= 14; y++) {
      for (let x = 26; x <= 30; x++) {
        pixels[y * width + x] = 1;
        mask[y * width + x] = 1;
      }
    }
    const centroid = (values: ArrayLike<number>) => {
      let [sum, sx, sy] = [0, 0, 0];
      for (let i = 0; i < values.length; i++) {
        sum += values[i]!;
        sx += values[i]! * (i % width);
        sy += values[i]! * Math.floor(i / width);
      }
      return [sx / sum, sy / sum];
    };
    for (let seed = 0; seed < 20; seed++) {
      const draws = drawTransforms(
        [{ kind: 'affine', degrees: 25, scale: [0.8, 1.3], shear: 10, translate: 0.05 }],
        [height, width],
        createRng(seed),
      );
      const [x, y] = applyToPoints(Float32Array.of(28, 12), [height, width], draws);
      const [ix, iy] = centroid(applyToImage(pixels, [height, width, 1], draws));
      const [mx, my] = centroid(applyToMask(mask, [height, width], draws, 0));
      for (const distance of [ix! - x!, iy! - y!]) expect(Math.abs(distance)).toBeLessThan(0.1);
      for (const distance of [mx! - x!, my! - y!]) expect(Math.abs(distance)).toBeLessThan(0.5);
    }
  });

  it('a mask never mixes ids, takes the fill outside and ignores cutout and colour', () => {
    const mask = Int32Array.from({ length: 64 }, (_, i) => (i % 2 === 0 ? 3 : 17));
    for (let seed = 0; seed < 50; seed++) {
      const draws = drawTransforms(everything, [8, 8], createRng(seed));
      expect([3, 17, -1]).toEqual(expect.arrayContaining([...new Set(applyToMask(mask, [8, 8], draws, -1))]));
    }
    const colour = drawTransforms(
      [
        { kind: 'cutout', size: 4 },
        { kind: 'brightness-contrast', contrast: 1 },
      ],
      [8, 8],
      createRng(1),
    );
    expect(applyToMask(mask, [8, 8], colour, -1)).toEqual(mask);
    expect(applyToMask(mask, [8, 8], colour, -1)).not.toBe(mask);
  });

  it('an affine transform without parameters changes nothing', () => {
    const pixels = image(6, 7, 3);
    const draws = drawTransforms([{ kind: 'affine' }], [6, 7], createRng(1));
    applyToImage(pixels, [6, 7, 3], draws).forEach((value, i) => {
      expect(value).toBeCloseTo(pixels[i]!, 6);
    });
  });
});

describe('augmentBatch', () => {
  const shape = [5, 8, 6, 3] as const;
  const images = image(5 * 8, 6, 3, 9);

  it('gives image i the draws of rng.stream(i), and leaves its input alone', () => {
    const before = images.slice();
    const batch = augmentBatch(images, shape, everything, createRng(4));
    expect(images).toEqual(before);
    for (let i = 0; i < 5; i++) {
      const one = images.slice(i * 144, (i + 1) * 144);
      const draws = drawTransforms(everything, [8, 6], createRng(4).stream(i));
      expect(batch.slice(i * 144, (i + 1) * 144)).toEqual(applyToImage(one, [8, 6, 3], draws));
    }
    expect(new Set(Array.from({ length: 5 }, (_, i) => batch.slice(i * 144, (i + 1) * 144).join())).size).toBe(5);
  });

  it('repeats with the seed and stays in [0, 1]', () => {
    const batch = augmentBatch(images, shape, everything, createRng(5));
    expect(augmentBatch(images, shape, everything, createRng(5))).toEqual(batch);
    expect(augmentBatch(images, shape, everything, createRng(6))).not.toEqual(batch);
    expect(batch.every((value) => value >= 0 && value <= 1)).toBe(true);
  });

  it('takes an empty batch and an empty augmentation', () => {
    expect(augmentBatch(new Float32Array(0), [0, 8, 6, 3], everything, createRng(1))).toHaveLength(0);
    const same = augmentBatch(images, shape, [], createRng(1));
    expect(same).toEqual(images);
    expect(same).not.toBe(images);
  });

  it('keeps a NaN pixel in its own image', () => {
    const broken = images.slice();
    broken[0] = Number.NaN;
    const batch = augmentBatch(broken, shape, everything, createRng(4));
    expect(batch.slice(144)).toEqual(augmentBatch(images, shape, everything, createRng(4)).slice(144));
  });
});

const check = (...transforms: unknown[]) => checkAugmentation(transforms as Augmentation, [8, 8]);
it.each<[string, string, () => unknown]>([
  ['an unknown kind', 'augment/unknown-transform', () => check({ kind: 'rotate' })],
  ['a kind from the prototype', 'augment/unknown-transform', () => check({ kind: 'toString' })],
  ['null', 'augment/unknown-transform', () => check(null)],
  ['a misspelt parameter', 'augment/bad-parameter', () => check({ kind: 'flip', probabilty: 0.5 })],
  ['a probability above 1', 'augment/bad-parameter', () => check({ kind: 'flip', probability: 1.1 })],
  ['another axis', 'augment/bad-parameter', () => check({ kind: 'flip', axis: 'diagonal' })],
  ['no pixels', 'augment/bad-parameter', () => check({ kind: 'shift' })],
  ['half a pixel', 'augment/bad-parameter', () => check({ kind: 'shift', pixels: 0.5 })],
  ['a shift beyond the image', 'augment/bad-parameter', () => check({ kind: 'shift', pixels: 9 })],
  ['a fill of 255', 'augment/bad-parameter', () => check({ kind: 'shift', pixels: 1, fill: 255 })],
  [
    'a reflection beyond the image',
    'augment/bad-parameter',
    () => check({ kind: 'crop', padding: 8, border: 'reflect' }),
  ],
  ['another border', 'augment/bad-parameter', () => check({ kind: 'crop', padding: 1, border: 'wrap' })],
  ['no size', 'augment/bad-parameter', () => check({ kind: 'cutout', size: 0 })],
  ['a scale of 0', 'augment/bad-parameter', () => check({ kind: 'affine', scale: [0, 1] })],
  ['scales in the wrong order', 'augment/bad-parameter', () => check({ kind: 'affine', scale: [2, 1] })],
  ['a shear of 90°', 'augment/bad-parameter', () => check({ kind: 'affine', shear: 90 })],
  ['NaN degrees', 'augment/bad-parameter', () => check({ kind: 'affine', degrees: Number.NaN })],
  ['a contrast of 2', 'augment/bad-parameter', () => check({ kind: 'brightness-contrast', contrast: 2 })],
  ['a window larger than the image', 'augment/bad-parameter', () => check({ kind: 'center-crop', size: [9, 8] })],
  ['a window of one number', 'augment/bad-parameter', () => check({ kind: 'center-crop', size: 4 })],
  ['no window', 'augment/bad-parameter', () => check({ kind: 'center-crop' })],
  ['a window beyond the padding', 'augment/bad-parameter', () => check({ kind: 'crop', padding: 1, size: [11, 8] })],
  ['an area of 0', 'augment/bad-parameter', () => check({ kind: 'resized-crop', scale: [0, 1] })],
  ['an aspect ratio of 0', 'augment/bad-parameter', () => check({ kind: 'resized-crop', ratio: [0, 1] })],
  ['a size of 0', 'augment/bad-parameter', () => check({ kind: 'resized-crop', size: [0, 4] })],
  ['a hue of 270', 'augment/bad-parameter', () => check({ kind: 'saturation-hue', hue: 270 })],
  ['a saturation of 2', 'augment/bad-parameter', () => check({ kind: 'saturation-hue', saturation: 2 })],
  ['a probability of NaN', 'augment/bad-parameter', () => check({ kind: 'grayscale', probability: Number.NaN })],
  ['a blur of nothing', 'augment/bad-parameter', () => check({ kind: 'gaussian-blur' })],
  ['one σ', 'augment/bad-parameter', () => check({ kind: 'gaussian-blur', sigma: 1 })],
  ['half a pair', 'augment/bad-parameter', () => check({ kind: 'gaussian-noise', sigma: [0.1] })],
  ['undefined in a pair', 'augment/bad-parameter', () => check({ kind: 'affine', scale: [undefined, 1] })],
  ['a negative σ', 'augment/bad-parameter', () => check({ kind: 'gaussian-noise', sigma: [-0.1, 0] })],
  ['no mean', 'augment/bad-parameter', () => check({ kind: 'normalize', deviation: [1] })],
  ['a deviation of 0', 'augment/bad-parameter', () => check({ kind: 'normalize', mean: [0], deviation: [0] })],
  [
    'two means for three channels',
    'augment/bad-parameter',
    () => checkAugmentation([{ kind: 'normalize', mean: [0, 0], deviation: [1] }], [8, 8, 3]),
  ],
  [
    'normalize before the end',
    'augment/bad-parameter',
    () => check({ kind: 'normalize', mean: [0], deviation: [1] }, { kind: 'flip' }),
  ],
  ['colours of four channels', 'augment/bad-parameter', () => checkAugmentation([{ kind: 'grayscale' }], [8, 8, 4])],
  ['pixels missing', 'augment/shape-mismatch', () => augmentBatch(new Float32Array(5), [1, 2, 3, 1], [], createRng(1))],
  ['half a side', 'augment/shape-mismatch', () => augmentBatch(new Float32Array(5), [1, 2.5, 2, 1], [], createRng(1))],
  ['an image of another size', 'augment/shape-mismatch', () => applyToImage(new Float32Array(5), [2, 3, 1], [])],
  ['a mask of another size', 'augment/shape-mismatch', () => applyToMask(new Uint8Array(5), [2, 3], [], 0)],
  ['half a point', 'augment/shape-mismatch', () => applyToPoints(new Float32Array(3), [2, 3], [])],
])('%s: %s', (_, code, call) => {
  expect(call).toThrow(expect.objectContaining({ code }));
});
