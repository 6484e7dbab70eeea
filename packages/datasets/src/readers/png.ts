import { PNG } from 'pngjs';
import { type DataFormatCode, DataFormatError } from '../errors.js';

/** A decoded picture. */
export interface GreyImage {
  readonly width: number;
  readonly height: number;
  /** `height × width` bytes, row by row. */
  readonly pixels: Uint8Array;
}

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/**
 * Decodes a PNG picture of shades of grey (of a coloured one: its red values).
 *
 * @param maximumPixels a larger picture is refused before anything is unpacked
 * @throws DataFormatError where it is no PNG, is damaged, or declares too large a size
 */
export function readGreyPng(bytes: Uint8Array, name: string, maximumPixels = 1 << 24): GreyImage {
  const fail = (code: DataFormatCode, message: string): never => {
    throw new DataFormatError(code, `${name}: ${message}`);
  };
  if (!signature.every((byte, i) => bytes[i] === byte))
    fail('data/wrong-magic', 'expected a PNG picture, got something else');
  if (bytes.length < 33) fail('data/truncated', `expected at least the 33 bytes of a PNG's head, got ${bytes.length}`);
  const head = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [declaredWidth, declaredHeight] = [head.getUint32(16), head.getUint32(20)];
  if (declaredWidth * declaredHeight > maximumPixels) {
    fail('data/too-large', `expected at most ${maximumPixels} pixels, got ${declaredWidth} × ${declaredHeight}`);
  }
  let picture: PNG;
  try {
    picture = PNG.sync.read(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  } catch (error) {
    return fail('data/corrupt-png', `the PNG cannot be decoded (${(error as Error).message})`);
  }
  const { width, height, data } = picture;
  const pixels = new Uint8Array(width * height);
  for (let i = 0; i < pixels.length; i++) pixels[i] = data[4 * i]!;
  return { width, height, pixels };
}
