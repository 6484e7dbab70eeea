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

/** Pads every side by `padding` pixels and cuts out a window at a uniformly random place. */
export interface CropTransform {
  readonly kind: 'crop';
  readonly padding: number;
  /** Height and width of the window, at most those of the padded image. Default: those of the image. */
  readonly size?: readonly [height: number, width: number];
  /** What the padding holds: `fill`, or the image mirrored at its outermost pixels. Default `constant`. */
  readonly border?: 'constant' | 'reflect';
  /** Default 0. */
  readonly fill?: number;
}

/** Cuts out the middle of the image; an odd rest leaves one pixel more below and to the right. Draws nothing. */
export interface CenterCropTransform {
  readonly kind: 'center-crop';
  /** Height and width of the window, at most those of the image. */
  readonly size: readonly [height: number, width: number];
}

/**
 * Cuts out a window of random area and aspect ratio and resizes it (Szegedy et al. 2015): bilinear, with a filter as wide as
 * a pixel of the result where it shrinks. Ten windows that do not fit give the largest one in the middle.
 */
export interface ResizedCropTransform {
  readonly kind: 'resized-crop';
  /** Fraction of the image's area uniform in [smallest, largest]. Default [0.08, 1]. */
  readonly scale?: readonly [smallest: number, largest: number];
  /** Width ÷ height, its logarithm uniform. Default [3/4, 4/3]. */
  readonly ratio?: readonly [smallest: number, largest: number];
  /** Height and width of the result. Default: those of the image. */
  readonly size?: readonly [height: number, width: number];
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

/**
 * Colours stronger or weaker, then turned around the colour circle. Masks, points and images of one channel stay as they are.
 *
 * Saturation: x ↦ s · (x − g) + g, g = 0.299 R + 0.587 G + 0.114 B of the pixel, cut to [0, 1]. Hue: H + h in HSV.
 */
export interface SaturationHueTransform {
  readonly kind: 'saturation-hue';
  /** The factor s is uniform in 1 − saturation … 1 + saturation. In [0, 1]; default 0. */
  readonly saturation?: number;
  /** The angle h is uniform in −hue … hue degrees. In [0, 180]; default 0. */
  readonly hue?: number;
}

/** All channels become 0.299 R + 0.587 G + 0.114 B. Masks, points and images of one channel stay as they are. */
export interface GrayscaleTransform {
  readonly kind: 'grayscale';
  /** Default 0.1. */
  readonly probability?: number;
}

/**
 * Convolution with a sampled Gaussian, cut off at ⌈3σ⌉ pixels and normalised; pixels outside are those of the edge. Masks and
 * points stay as they are.
 */
export interface GaussianBlurTransform {
  readonly kind: 'gaussian-blur';
  /** σ in pixels, uniform in [smallest, largest], in 0 … 100. */
  readonly sigma: readonly [smallest: number, largest: number];
  /** Default 1. */
  readonly probability?: number;
}

/** x ↦ x + σ · ε, ε standard normal and independent for every value, cut to [0, 1]. Masks and points stay as they are. */
export interface GaussianNoiseTransform {
  readonly kind: 'gaussian-noise';
  /** σ uniform in [smallest, largest], in 0 … 1. */
  readonly sigma: readonly [smallest: number, largest: number];
  /** Default 1. */
  readonly probability?: number;
}

/** x ↦ (x − mean) / deviation for each channel; leaves [0, 1], so that it has to stand last. Draws nothing. */
export interface NormalizeTransform {
  readonly kind: 'normalize';
  /** One value a channel, or one for all. */
  readonly mean: readonly number[];
  /** One value above 0 a channel, or one for all. */
  readonly deviation: readonly number[];
}

/** One step of an augmentation: plain JSON, so that it can be stored in a configuration or sent to a worker. */
export type Transform =
  | FlipTransform
  | ShiftTransform
  | CropTransform
  | CenterCropTransform
  | ResizedCropTransform
  | CutoutTransform
  | AffineTransform
  | BrightnessContrastTransform
  | SaturationHueTransform
  | GrayscaleTransform
  | GaussianBlurTransform
  | GaussianNoiseTransform
  | NormalizeTransform;

/** Transforms in the order in which they are applied. */
export type Augmentation = readonly Transform[];
