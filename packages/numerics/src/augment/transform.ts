/** Mirrors the image: left becomes right, or top becomes bottom. */
export interface FlipTransform {
  readonly kind: 'flip';
  /** Default 0.5. */
  readonly probability?: number;
  /** Default `horizontal`: left becomes right. */
  readonly axis?: 'horizontal' | 'vertical';
}

/** Moves the image by whole pixels, each axis on its own, uniform in −pixels … pixels. */
export interface ShiftTransform {
  readonly kind: 'shift';
  readonly pixels: number;
  /** Value of the pixels that come in from outside. Default 0. */
  readonly fill?: number;
}

/** Pads every side by `padding` pixels and cuts out the original size at a uniformly random place. */
export interface CropTransform {
  readonly kind: 'crop';
  readonly padding: number;
  /** What the padding holds: `fill`, or the image mirrored at its outermost pixels. Default `constant`. */
  readonly border?: 'constant' | 'reflect';
  /** Default 0. */
  readonly fill?: number;
}

/**
 * Hides a square whose centre is a uniformly random pixel; what lies over the edge is cut off (DeVries and Taylor 2017).
 * Masks and points stay as they are.
 */
export interface CutoutTransform {
  readonly kind: 'cutout';
  /** Side of the square in pixels. */
  readonly size: number;
  /** Default 0. */
  readonly fill?: number;
}

/** Rotation, shear, scaling and shift about the centre of the image, sampled bilinearly. Absent parameters change nothing. */
export interface AffineTransform {
  readonly kind: 'affine';
  /** Rotation uniform in −degrees … degrees, clockwise on the screen. */
  readonly degrees?: number;
  /** Magnification uniform in [smallest, largest]. */
  readonly scale?: readonly [number, number];
  /** Angle of the horizontal shear uniform in −shear … shear, degrees below 90. */
  readonly shear?: number;
  /** Shift uniform in −translate … translate, as a fraction of width and height. */
  readonly translate?: number;
  /** Value outside the image. Default 0. */
  readonly fill?: number;
}

/** x ↦ contrast · (x − x̄) + x̄ + brightness, x̄ the mean of the image, cut to [0, 1]. Masks and points stay as they are. */
export interface BrightnessContrastTransform {
  readonly kind: 'brightness-contrast';
  /** The added value is uniform in −brightness … brightness. Default 0. */
  readonly brightness?: number;
  /** The factor is uniform in 1 − contrast … 1 + contrast. In [0, 1]; default 0. */
  readonly contrast?: number;
}

/** One step of an augmentation: plain JSON, so that it can be stored in a configuration or sent to a worker. */
export type Transform =
  | FlipTransform
  | ShiftTransform
  | CropTransform
  | CutoutTransform
  | AffineTransform
  | BrightnessContrastTransform;

/** Transforms in the order in which they are applied. */
export type Augmentation = readonly Transform[];
