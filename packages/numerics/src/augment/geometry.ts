import type { Draw, DrawOf } from './draw.js';
import type { Transform } from './transform.js';

/** A draw that moves pixels, as opposed to one that changes their values. */
export type GeometricDraw = DrawOf<'flip' | 'shift' | 'crop' | 'resized-crop' | 'affine'>;

/** Height and width in pixels. */
export type Size = readonly [height: number, width: number];

/** Height, width and channels. */
export type Shape = readonly [height: number, width: number, channels: number];

export function isGeometric({ kind }: Draw): boolean {
  return kind === 'flip' || kind === 'shift' || kind === 'crop' || kind === 'resized-crop' || kind === 'affine';
}

/** The geometric draws among the draws. */
export function geometricDraws(draws: readonly Draw[]): GeometricDraw[] {
  return draws.filter((draw): draw is GeometricDraw => isGeometric(draw));
}

/** The size of an image after the draw. */
export function sizeAfterDraw(draw: GeometricDraw, size: Size): Size {
  if (draw.kind === 'crop') return [draw.height, draw.width];
  return draw.kind === 'resized-crop' ? draw.size : size;
}

/** The size of an image after the transform, which does not depend on what is drawn. */
export function sizeAfterTransform(transform: Transform, size: Size): Size {
  const [height, width] = ('size' in transform && Array.isArray(transform.size) ? transform.size : size) as Size;
  return [height, width];
}

/** Mirrors a position at the outermost pixels, without repeating them; one reflection is enough for what a crop may ask for. */
export function reflect(position: number, length: number): number {
  if (position < 0) return -position;
  return position < length ? position : 2 * (length - 1) - position;
}

/** Which pixel of a window of `from` pixels is nearest to pixel `index` of `to`. */
export function nearestIndex(index: number, from: number, to: number): number {
  return Math.min(from - 1, Math.floor(((index + 0.5) * from) / to));
}
