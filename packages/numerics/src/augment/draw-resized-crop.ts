import type { Rng } from '../random/rng.js';
import type { Draw } from './draw.js';
import { drawWithin } from './draw-affine.js';
import type { ResizedCropTransform } from './transform.js';

const ATTEMPTS = 10;

/** The largest window in the middle whose aspect ratio lies within the bounds. */
function middleWindow(height: number, width: number, smallest: number, largest: number): [number, number] {
  const ratio = width / height;
  if (ratio < smallest) return [Math.max(1, Math.min(height, Math.round(width / smallest))), width];
  if (ratio > largest) return [height, Math.max(1, Math.min(width, Math.round(height * largest)))];
  return [height, width];
}

/** A window of random area and aspect ratio that lies inside the image. */
export function drawResizedCrop(transform: ResizedCropTransform, height: number, width: number, rng: Rng): Draw {
  const { scale = [0.08, 1], ratio = [3 / 4, 4 / 3] } = transform;
  const size: [number, number] = transform.size === undefined ? [height, width] : [...transform.size];
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const area = height * width * drawWithin(rng, scale[0], scale[1]);
    const aspect = Math.exp(drawWithin(rng, Math.log(ratio[0]), Math.log(ratio[1])));
    const rows = Math.round(Math.sqrt(area / aspect));
    const columns = Math.round(Math.sqrt(area * aspect));
    if (rows < 1 || columns < 1 || rows > height || columns > width) continue;
    const top = rng.integer(height - rows + 1);
    const left = rng.integer(width - columns + 1);
    return { kind: 'resized-crop', top, left, height: rows, width: columns, size };
  }
  const [rows, columns] = middleWindow(height, width, ratio[0], ratio[1]);
  const [top, left] = [Math.floor((height - rows) / 2), Math.floor((width - columns) / 2)];
  return { kind: 'resized-crop', top, left, height: rows, width: columns, size };
}
