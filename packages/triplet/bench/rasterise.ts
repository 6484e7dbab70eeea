/** An encoded picture that a browser can show. */
export interface EncodedPicture {
  readonly type: 'image/svg+xml' | 'image/webp' | 'image/jpeg' | 'image/png';
  readonly bytes: Uint8Array;
}

/** How a picture is brought to a square. */
export interface RasteriseOptions {
  readonly side: number;
  /** `whole`: all of it, in the middle, on white. `cover`: the largest square in its middle. */
  readonly fit: 'whole' | 'cover';
  readonly signal?: AbortSignal | undefined;
  readonly progress?: ((done: number, total: number) => void) | undefined;
}

/** Turns pictures into bytes: `pictures × side × side × 3`, red, green, blue. */
export type Rasterise = (
  total: number,
  picture: (index: number) => EncodedPicture | Promise<EncodedPicture>,
  options: RasteriseOptions,
) => Promise<Uint8Array>;

/** Pictures that go to the browser at a time. */
const blockSize = 256;

/** Draws with a headless Chromium: `CHROME_PATH`, the system's, or the one that the repository brings for its browser tests. */
export const rasteriseInBrowser: Rasterise = async (total, picture, { side, fit, signal, progress }) => {
  const { launchChromium } = await import('@tensor-papers/tools/chromium');
  const pixels = new Uint8Array(total * side * side * 3);
  const browser = await launchChromium();
  try {
    for (let first = 0; first < total; first += blockSize) {
      signal?.throwIfAborted();
      const addresses: string[] = [];
      for (let i = first; i < Math.min(first + blockSize, total); i++) {
        const { type, bytes } = await picture(i);
        addresses.push(`data:${type};base64,${Buffer.from(bytes).toString('base64')}`);
      }
      // A page keeps every picture that it has drawn: hence a new one for each block.
      const page = await browser.newPage();
      const drawn = await page.evaluate(drawAll, { addresses, side, fit });
      await page.close();
      pixels.set(Buffer.from(drawn, 'base64'), first * side * side * 3);
      progress?.(first + addresses.length, total);
    }
  } finally {
    await browser.close();
  }
  return pixels;
};

/** Runs in the page, so it may use nothing from outside itself. */
async function drawAll({ addresses, side, fit }: { addresses: string[]; side: number; fit: string }): Promise<string> {
  const canvas = document.createElement('canvas');
  canvas.width = side;
  canvas.height = side;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('no 2D canvas');
  context.imageSmoothingQuality = 'high';
  const bytes: string[] = [];
  for (const address of addresses) {
    const image = new Image();
    image.src = address;
    await image.decode();
    const [width, height] = [image.naturalWidth, image.naturalHeight];
    const scale = fit === 'cover' ? side / Math.min(width, height) : side / Math.max(width, height);
    const [drawnWidth, drawnHeight] = [width * scale, height * scale];
    context.fillStyle = '#fff';
    context.fillRect(0, 0, side, side);
    context.drawImage(image, (side - drawnWidth) / 2, (side - drawnHeight) / 2, drawnWidth, drawnHeight);
    const { data } = context.getImageData(0, 0, side, side);
    for (let i = 0; i < data.length; i += 4) bytes.push(String.fromCharCode(data[i]!, data[i + 1]!, data[i + 2]!));
  }
  return btoa(bytes.join(''));
}
