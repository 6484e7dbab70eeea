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
  | { readonly kind: 'brightness-contrast'; readonly brightness: number; readonly contrast: number };
