import { type Augmentation, augmentBatch } from '@tensor-papers/numerics/augment';
import { Rng, type RngState } from '@tensor-papers/numerics/random';

/** What the images of one batch are made of: plain data, so that a worker thread can do it. */
export interface ImageTask {
  /** `[n × h × w × c]` */
  readonly bytes: Uint8Array;
  readonly shape: readonly [number, number, number, number];
  readonly augment?: { readonly augmentation: Augmentation; readonly rng: RngState };
}

/** Byte ÷ 255 as float32. */
const UNIT = Float32Array.from({ length: 256 }, (_, byte) => byte / 255);

/** Bytes to [0, 1], then augmented. */
export function prepareImages({ bytes, shape, augment }: ImageTask): Float32Array<ArrayBuffer> {
  const values = new Float32Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) values[i] = UNIT[bytes[i]!]!;
  return augment === undefined ? values : augmentBatch(values, shape, augment.augmentation, Rng.restore(augment.rng));
}
