/** What a transform does to one image, after the dice are thrown: plain JSON. */
export type Draw =
  | { readonly kind: 'flip'; readonly axis: 'horizontal' | 'vertical' }
  /** The image moves right by dx and down by dy. */
  | {
      readonly kind: 'shift';
      readonly dx: number;
      readonly dy: number;
      readonly border: 'constant' | 'reflect';
      readonly fill: number;
    }
  /** The window of that size at (top, left), which may reach outside. */
  | {
      readonly kind: 'crop';
      readonly top: number;
      readonly left: number;
      readonly height: number;
      readonly width: number;
      readonly border: 'constant' | 'reflect';
      readonly fill: number;
    }
  /** The window, which lies inside, resized to `size` = [height, width]. */
  | {
      readonly kind: 'resized-crop';
      readonly top: number;
      readonly left: number;
      readonly height: number;
      readonly width: number;
      readonly size: readonly [number, number];
    }
  | {
      readonly kind: 'cutout';
      readonly top: number;
      readonly left: number;
      readonly bottom: number;
      readonly right: number;
      readonly fill: number;
    }
  /** Where a pixel of the result comes from: (x, y) ↦ (a·x + b·y + c, d·x + e·y + f). */
  | {
      readonly kind: 'affine';
      readonly matrix: readonly [number, number, number, number, number, number];
      readonly fill: number;
    }
  | { readonly kind: 'brightness-contrast'; readonly brightness: number; readonly contrast: number }
  /** The factor of the saturation and the turn of the hue in degrees. */
  | { readonly kind: 'saturation-hue'; readonly saturation: number; readonly hue: number }
  | { readonly kind: 'grayscale' }
  | { readonly kind: 'gaussian-blur'; readonly sigma: number }
  /** The noise itself follows from the seed. */
  | { readonly kind: 'gaussian-noise'; readonly sigma: number; readonly seed: number }
  | { readonly kind: 'normalize'; readonly mean: readonly number[]; readonly deviation: readonly number[] };

/** The draw of that kind. */
export type DrawOf<Kind extends Draw['kind']> = Extract<Draw, { kind: Kind }>;
