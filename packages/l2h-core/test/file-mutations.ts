import type { Rng } from '@tensor-papers/numerics/random';
import { crc32 } from '../src/files/crc32.js';

/** A file that something has happened to. */
export interface Mutation {
  readonly how: string;
  readonly bytes: Uint8Array;
}

const concat = (...parts: readonly Uint8Array[]) => new Uint8Array(Buffer.concat(parts));

/** How files of other formats begin. */
const foreignHeads = [
  [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
  [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0],
  [0x50, 0x4b, 3, 4],
  [0x1f, 0x8b, 8, 0],
  [0x7b, 0x22, 0x69, 0x64, 0x73, 0x22],
  [0x8a, 0x4c, 0x32, 0x48, 0x0d, 0x0a, 0x1a, 0x0a],
  [0x49, 0x42, 0x78, 0x46],
  [0x49, 0x78, 0x50, 0x71],
].map((head) => Uint8Array.from(head));

/** One of many things that happen to files, drawn: cut off, bits and bytes changed, parts lost, doubled, exchanged, another file. */
export function mutate(bytes: Uint8Array, others: readonly Uint8Array[], rng: Rng): Mutation {
  const below = (limit: number) => Math.floor(rng.uniform() * limit);
  const noise = (length: number) => Uint8Array.from({ length }, () => below(256));
  const changed = bytes.slice();
  const at = below(bytes.length);
  const length = 1 + below(Math.min(300, bytes.length - at));
  const after = bytes.subarray(at + length);
  // Blocks and pages begin at such places.
  const unit = 64 * (1 + below(8));
  const place = unit * below(Math.ceil(bytes.length / unit));
  const ways: Readonly<Record<string, () => Uint8Array>> = {
    'bits flipped': () => {
      for (let flips = 1 + below(16); flips > 0; flips--) changed[below(bytes.length)]! ^= 1 << below(8);
      return changed;
    },
    'one bit flipped': () => {
      changed[at]! ^= 1 << below(8);
      return changed;
    },
    'bytes changed': () => {
      changed.set(noise(length), at);
      return changed;
    },
    'bytes zero': () => changed.fill(0, at, at + length),
    'a unit of ones': () => changed.fill(0xff, place, place + unit),
    'cut off': () => bytes.slice(0, at),
    'cut off at a unit': () => bytes.slice(0, place),
    'bytes behind the end': () => concat(bytes, noise(length)),
    'bytes lost': () => concat(bytes.subarray(0, at), after),
    'bytes doubled': () => concat(bytes.subarray(0, at + length), bytes.subarray(at)),
    'bytes put in': () => concat(bytes.subarray(0, at), noise(length), bytes.subarray(at)),
    'units exchanged': () => {
      const second = unit * below(Math.ceil(bytes.length / unit));
      changed.set(bytes.subarray(second, second + Math.min(unit, bytes.length - place)), place);
      changed.set(bytes.subarray(place, place + Math.min(unit, bytes.length - second)), second);
      return changed;
    },
    'read and written as text': () => new Uint8Array(Buffer.from(Buffer.from(bytes).toString('utf8'))),
    'ends of lines changed': () =>
      new Uint8Array(Buffer.from(Buffer.from(bytes).toString('latin1').replaceAll('\r\n', '\n'), 'latin1')),
    'another file from some place on': () => {
      const other = others[below(others.length)]!;
      const from = rng.uniform() < 0.5 ? at : place;
      return concat(bytes.subarray(0, from), other.subarray(from));
    },
    'another format': () => concat(foreignHeads[below(foreignHeads.length)]!, noise(below(600))),
    'the start of another format': () => concat(foreignHeads[below(foreignHeads.length)]!, bytes.subarray(at)),
  };
  const how = Object.keys(ways)[below(Object.keys(ways).length)]!;
  return { how, bytes: ways[how]!() };
}

const extremes = [0, 1, 2, 63, 64, 127, 129, 255, 2 ** 16, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1];

/** Where the blocks of a file of codes stand: `[at, bytes of the payload]`. */
function blocksOf(bytes: Uint8Array): [at: number, length: number][] {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const blocks: [number, number][] = [];
  for (let at = 128; at < bytes.length; at += 64 + Math.ceil(blocks.at(-1)![1] / 64) * 64) {
    blocks.push([at, view.getUint32(at + 8, true)]);
  }
  return blocks;
}

/**
 * A file of codes that says something else and whose checksums fit: numbers in heads that are extreme or off by one, versions to come, a
 * changed description or payload. What it says may be wrong, or right.
 */
export function forge(bytes: Uint8Array, rng: Rng): Mutation {
  const below = (limit: number) => Math.floor(rng.uniform() * limit);
  const blocks = blocksOf(bytes);
  let forged = bytes.slice();
  const put = (at: number) => {
    const view = new DataView(forged.buffer);
    const old = view.getUint32(at, true);
    const value = rng.uniform() < 0.3 ? old + below(3) - 1 : extremes[below(extremes.length)]!;
    view.setUint32(at, value, true);
    return `${old} → ${value}`;
  };
  let how = '';
  const ways = [
    () => {
      const field = 8 + 4 * below(13);
      const head = 64 * below(2);
      how = `head ${head / 64}, field ${field}: ${put(head + field)}`;
      // Mostly in both heads alike, so that they still belong together.
      if (rng.uniform() < 0.7) forged.set(forged.subarray(head + field, head + field + 4), 64 - head + field);
    },
    () => {
      const field = 4 * below(15);
      const block = below(blocks.length);
      how = `block ${block}, field ${field}: ${put(blocks[block]![0] + field)}`;
    },
    () => {
      const [at, length] = blocks[below(blocks.length)]!;
      if (length === 0) return;
      const place = at + 64 + below(length);
      how = `payload at ${place}`;
      forged[place] = rng.uniform() < 0.5 ? below(256) : 48 + below(10);
    },
    () => {
      how = 'description';
      const [at, length] = blocks[0]!;
      const text = Buffer.from(forged.subarray(at + 64, at + 64 + length)).toString();
      const numbers = [...text.matchAll(/[\d.]+|true|false|null|"[^"]*"/g)];
      const { 0: old, index } = numbers[below(numbers.length)]!;
      const values = [
        '0',
        '-1',
        '1e9',
        '1e308',
        '4294967296',
        'null',
        '[]',
        '{}',
        '"AAAA"',
        '""',
        'true',
        '9'.repeat(400),
      ];
      const value = values[below(values.length)]!;
      how += `: ${old.slice(0, 30)} → ${value.slice(0, 30)}`;
      const payload = Buffer.from(text.slice(0, index) + value + text.slice(index + old.length));
      const before = forged.subarray(0, at + 64);
      const padded = Buffer.alloc(Math.ceil(payload.length / 64) * 64);
      payload.copy(padded);
      const rest = forged.subarray(at + 64 + Math.ceil(length / 64) * 64);
      const moved = padded.length + at + 64 + rest.length - forged.length;
      forged = concat(before, padded, rest);
      const view = new DataView(forged.buffer);
      view.setUint32(at + 8, payload.length, true);
      for (const head of [0, 64]) view.setUint32(head + 32, view.getUint32(head + 32, true) + moved, true);
      for (const [block] of blocks.slice(1))
        view.setUint32(block + moved + 24, view.getUint32(block + moved + 24, true) + moved, true);
      for (const block of blocks.slice(1)) block[0] += moved;
      blocks[0]![1] = payload.length;
    },
    () => {
      const end = Math.max(128, bytes.length - 64 * below(4)) + below(2) * below(64);
      how = `end ${end}`;
      forged = forged.slice(0, end);
      for (const head of [0, 64]) new DataView(forged.buffer).setUint32(head + 32, end, true);
    },
  ];
  ways[below(ways.length)]!();
  const view = new DataView(forged.buffer);
  const sealHead = (at: number) =>
    at + 64 <= forged.length && view.setUint32(at + 60, crc32(forged.subarray(at, at + 60)), true);
  for (const [at, length] of blocks) {
    const payload = forged.subarray(at + 64, at + 64 + length);
    if (payload.length === length && at + 64 <= forged.length) view.setUint32(at + 16, crc32(payload), true);
    sealHead(at);
  }
  for (const at of [0, 64]) sealHead(at);
  return { how: `forged: ${how}`, bytes: forged };
}
