import { expect, it } from '@jest/globals';
import { rasteriseInBrowser } from './rasterise.js';

/** Red on the left, blue on the right, twice as wide as high. */
const wide = Buffer.from(
  '<svg xmlns="http://www.w3.org/2000/svg" width="32" height="16"><rect width="16" height="16" fill="#f00"/><rect x="16" width="16" height="16" fill="#00f"/></svg>',
);

it('draws pictures as squares, whole on white or cut to cover', async () => {
  const drawn = async (fit: 'whole' | 'cover', total: number) => {
    const pixels = await rasteriseInBrowser(total, () => ({ type: 'image/svg+xml', bytes: wide }), { side: 8, fit });
    expect(pixels).toHaveLength(total * 8 * 8 * 3);
    const at = (picture: number, y: number, x: number) => {
      const start = ((picture * 8 + y) * 8 + x) * 3;
      return Array.from(pixels.subarray(start, start + 3));
    };
    return at;
  };
  const [red, blue, white] = [
    [255, 0, 0],
    [0, 0, 255],
    [255, 255, 255],
  ];
  const whole = await drawn('whole', 260);
  for (const picture of [0, 259]) {
    expect([whole(picture, 0, 1), whole(picture, 4, 0), whole(picture, 4, 7)]).toEqual([white, red, blue]);
  }
  const cover = await drawn('cover', 1);
  expect([cover(0, 0, 0), cover(0, 7, 7)]).toEqual([red, blue]);
});
