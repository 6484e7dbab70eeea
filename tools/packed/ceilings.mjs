import { readFileSync } from 'node:fs';

/** The committed table: bytes that a package may have, packed, unpacked, in a bundle of one import, and run on import. */
export const ceilings = JSON.parse(readFileSync(new URL('ceilings.json', import.meta.url), 'utf8'));

/** A number of bytes as a person reads it. */
export const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;

/**
 * A finding when a size is above its ceiling or has none, as a sentence; else nothing.
 *
 * @param what the size is of
 * @param place of the ceiling in the table
 */
export function checkSize(what, bytes, ceiling, place) {
  if (!Number.isFinite(ceiling)) {
    return [`${what}: ${bytes} bytes, without a ceiling; set ${place} in tools/packed/ceilings.json a little above`];
  }
  if (bytes <= ceiling) return [];
  return [
    `${what}: ${kilobytes(bytes)}, above the ceiling of ${kilobytes(ceiling)} (${place} in tools/packed/ceilings.json)`,
  ];
}
