import { html, type SafeHtml } from '../html.js';

const DATA_URI = /^data:image\/(?:png|jpeg|webp|gif);base64,[A-Za-z0-9+/=]+$/;

/** An image that lies in the page itself; anything but image data is refused, so that a page never loads from elsewhere. */
export function picture(source: string, alt: string): SafeHtml {
  if (!DATA_URI.test(source)) return html`<span class="no-image" role="img" aria-label="${alt}">no image</span>`;
  return html`<img src="${source}" alt="${alt}">`;
}

/** The same within a drawing, as a square; nothing for what is no image data. */
export function imageInSvg(source: string, size: number): SafeHtml | null {
  if (!DATA_URI.test(source)) return null;
  return html`<image href="${source}" width="${size}" height="${size}" style="image-rendering:pixelated"/>`;
}

/** The width that a PNG says it has, in pixels; undefined for what is none. */
export function pngWidth(source: string): number | undefined {
  const header = /^data:image\/png;base64,(.{32})/.exec(source)?.[1];
  if (header === undefined) return undefined;
  const bytes = Buffer.from(header, 'base64');
  return bytes.toString('latin1', 12, 16) === 'IHDR' ? bytes.readUInt32BE(16) : undefined;
}
