/** Tables of the CRC-32 of zip and PNG (polynomial 0xEDB88320, reflected), for eight bytes at a time. */
const tables = makeTables();

function makeTables(): Uint32Array[] {
  const all = Array.from({ length: 8 }, () => new Uint32Array(256));
  for (let byte = 0; byte < 256; byte++) {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    all[0]![byte] = value;
  }
  for (let byte = 0; byte < 256; byte++) {
    for (let t = 1; t < 8; t++) all[t]![byte] = (all[t - 1]![byte]! >>> 8) ^ all[0]![all[t - 1]![byte]! & 255]!;
  }
  return all;
}

// Neither an import nor a require: a browser's bundler would look for the module.
const ofNode = globalThis.process?.getBuiltinModule?.('node:zlib')?.crc32;

/** CRC-32 of bytes, 0 … 2³² − 1; Node computes it several times faster than JavaScript. */
export const crc32: (bytes: Uint8Array) => number = ofNode ? (bytes) => ofNode(bytes) : crc32InJs;

/** CRC-32 of bytes, for where there is no Node. */
export function crc32InJs(bytes: Uint8Array): number {
  const [t0, t1, t2, t3, t4, t5, t6, t7] = tables as [
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
  ];
  let crc = ~0;
  let at = 0;
  for (const last = bytes.length - 7; at < last; at += 8) {
    crc ^= bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    crc =
      t7[crc & 255]! ^
      t6[(crc >>> 8) & 255]! ^
      t5[(crc >>> 16) & 255]! ^
      t4[crc >>> 24]! ^
      t3[bytes[at + 4]!]! ^
      t2[bytes[at + 5]!]! ^
      t1[bytes[at + 6]!]! ^
      t0[bytes[at + 7]!]!;
  }
  for (; at < bytes.length; at++) crc = (crc >>> 8) ^ t0[(crc ^ bytes[at]!) & 255]!;
  return ~crc >>> 0;
}
