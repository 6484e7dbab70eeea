export { applyToImage } from './apply-to-image.js';
export { applyToMask } from './apply-to-mask.js';
export { applyToPoints } from './apply-to-points.js';
export { augmentBatch } from './augment-batch.js';
export { augmentedShape } from './augmented-shape.js';
export { checkAugmentation } from './check-augmentation.js';
export type { Draw } from './draw.js';
export { drawTransforms } from './draw-transforms.js';
export { AugmentError, AugmentShapeError, TransformParameterError, UnknownTransformError } from './errors.js';
export type {
  AffineTransform,
  Augmentation,
  BrightnessContrastTransform,
  CenterCropTransform,
  CropTransform,
  CutoutTransform,
  FlipTransform,
  GaussianBlurTransform,
  GaussianNoiseTransform,
  GrayscaleTransform,
  NormalizeTransform,
  ResizedCropTransform,
  SaturationHueTransform,
  ShiftTransform,
  Transform,
} from './transform.js';
