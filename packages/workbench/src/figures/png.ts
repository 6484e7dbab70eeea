import { deflateSync, crc32 as zlibCrc32 } from 'node:zlib';

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
/** PNG's colour type by number of channels: grey, grey + alpha, RGB, RGBA. */
const COLOUR_TYPE = new Map([
  [1, 0],
  [2, 4],
  [3, 2],
  [4, 6],
]);

/**
 * A PNG, 8 bits per channel, without loss.
 *
 * @param pixels [height × width × channels], 0 … 255, rows from the top
 * @param channels 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA
 * @throws RangeError when the number of pixels and the size do not agree
 */
export function encodePng(
  pixels: Uint8Array | Uint8ClampedArray,
  width: number,
  height: number,
  channels: number,
): Uint8Array {
  const colourType = COLOUR_TYPE.get(channels);
  if (colourType === undefined) throw new RangeError(`encodePng: expected 1, 2, 3 or 4 channels, got ${channels}`);
  if (!Number.isInteger(width) || !Number.isInteger(height) || width < 1 || height < 1) {
    throw new RangeError(`encodePng: expected a positive width and height, got ${width} × ${height}`);
  }
  const stride = width * channels;
  if (pixels.length !== stride * height) {
    throw new RangeError(
      `encodePng: ${width} × ${height} × ${channels} needs ${stride * height} bytes, got ${pixels.length}`,
    );
  }
  // Each row starts with the number of its filter; 0 leaves the bytes as they are.
  const rows = new Uint8Array((stride + 1) * height);
  for (let y = 0; y < height; y++) rows.set(pixels.subarray(y * stride, (y + 1) * stride), y * (stride + 1) + 1);

  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, colourType, 0, 0, 0], 8);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', new Uint8Array(0)),
  ]);
}

/** The same PNG as an address that a page can show. */
export function pngDataUri(
  pixels: Uint8Array | Uint8ClampedArray,
  width: number,
  height: number,
  channels: number,
): string {
  return `data:image/png;base64,${Buffer.from(encodePng(pixels, width, height, channels)).toString('base64')}`;
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const framed = Buffer.alloc(data.length + 12);
  framed.writeUInt32BE(data.length, 0);
  framed.write(type, 4, 'latin1');
  framed.set(data, 8);
  framed.writeUInt32BE(zlibCrc32(framed.subarray(4, data.length + 8)), data.length + 8);
  return framed;
}
