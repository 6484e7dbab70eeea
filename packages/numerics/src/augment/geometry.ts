import type { Draw } from './draw.js';

/** A draw that moves pixels, as opposed to one that changes their values. */
export type GeometricDraw = Extract<Draw, { kind: 'flip' | 'shift' | 'affine' }>;

export function isGeometric(draw: Draw): draw is GeometricDraw {
  return draw.kind === 'flip' || draw.kind === 'shift' || draw.kind === 'affine';
}

/** Mirrors a position at the outermost pixels, without repeating them; one reflection is enough for what a crop may ask for. */
export function reflect(position: number, length: number): number {
  if (position < 0) return -position;
  return position < length ? position : 2 * (length - 1) - position;
}

/** For each column (or row) of the result, the column it comes from; −1 where it lies outside. */
export function shiftedIndices(length: number, shift: number, border: 'constant' | 'reflect'): Int32Array {
  return Int32Array.from({ length }, (_, i) => {
    const from = i - shift;
    if (border === 'reflect') return reflect(from, length);
    return from >= 0 && from < length ? from : -1;
  });
}

/** The columns and rows that a flip or a shift takes the pixels of the result from. */
export function sourceIndices(
  draw: Exclude<GeometricDraw, { kind: 'affine' }>,
  height: number,
  width: number,
): { columns: Int32Array; rows: Int32Array } {
  if (draw.kind === 'shift') {
    return {
      columns: shiftedIndices(width, draw.dx, draw.border),
      rows: shiftedIndices(height, draw.dy, draw.border),
    };
  }
  const order = (length: number, backwards: boolean) =>
    Int32Array.from({ length }, (_, i) => (backwards ? length - 1 - i : i));
  return { columns: order(width, draw.axis === 'horizontal'), rows: order(height, draw.axis === 'vertical') };
}
