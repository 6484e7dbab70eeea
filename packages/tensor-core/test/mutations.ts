import type { Rng } from '@tensor-papers/numerics/random';

const pick = <T>(rng: Rng, list: readonly T[]): T => list[rng.integer(list.length)]!;

/** Stands for lists nested too deep to be made as a value. */
const deep = '@deep';

/** Values at which readers stumble. */
const stumbling = (rng: Rng): unknown =>
  pick<() => unknown>(rng, [
    () => pick(rng, [0, -0, 1, -1, 0.5, 2, 7, 255, 2 ** 31, 2 ** 32, 2 ** 53, -(2 ** 53), 1e9, 1e300]),
    () => rng.integer(100),
    () =>
      pick(rng, [
        '',
        'a',
        '__proto__',
        'constructor',
        'length',
        'F32',
        'BOOL',
        'float32',
        'int32',
        '../x',
        '\u0000',
        '\ud800',
        '1',
      ]),
    () => pick(rng, [null, true, false, [], {}, [0], [0, 4], [-1], [null], [[]], { name: 'a' }]),
    () => deep,
  ])();

interface Place {
  readonly parent: Record<string, unknown>;
  readonly key: string;
}

function placesIn(value: unknown, places: Place[] = []): Place[] {
  if (typeof value !== 'object' || value === null) return places;
  const parent = value as Record<string, unknown>;
  for (const key of Object.keys(parent)) {
    places.push({ parent, key });
    placesIn(parent[key], places);
  }
  return places;
}

function set(parent: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(parent, key, { value, enumerable: true, configurable: true, writable: true });
}

/** Changes one place of a JSON value, in place. */
function editOnce(root: Record<string, unknown>, rng: Rng): void {
  const places = placesIn(root);
  if (places.length === 0) {
    set(root, 'a', stumbling(rng));
    return;
  }
  const { parent, key } = pick(rng, places);
  const old = parent[key];
  pick<() => unknown>(rng, [
    () => set(parent, key, stumbling(rng)),
    () =>
      typeof old === 'number' ? set(parent, key, old + pick(rng, [-1, 1, 4, 0.5])) : set(parent, key, stumbling(rng)),
    () => (Array.isArray(parent) ? parent.splice(Number(key), 1) : delete parent[key]),
    () =>
      Array.isArray(parent)
        ? parent.push(structuredClone(old))
        : set(parent, String(stumbling(rng)), structuredClone(old)),
    () => {
      const other = pick(rng, places);
      set(parent, key, structuredClone(other.parent[other.key]));
    },
    () => {
      const other = pick(rng, places);
      const value = other.parent[other.key];
      set(other.parent, other.key, structuredClone(old));
      set(parent, key, structuredClone(value));
    },
  ])();
}

/** A JSON text with one to three places changed; sometimes a key comes twice. */
export function mutateJson(text: string, rng: Rng): string {
  let root: Record<string, unknown>;
  try {
    root = JSON.parse(text) as Record<string, unknown>;
  } catch {
    return text;
  }
  for (let i = 0; i <= rng.integer(3); i++) editOnce(root, rng);
  const json = JSON.stringify(rng.integer(100) === 0 ? stumbling(rng) : root).replaceAll(
    `"${deep}"`,
    '['.repeat(20_000) + ']'.repeat(20_000),
  );
  if (rng.integer(20) > 0 || !json.endsWith('}')) return json;
  const keys = Object.keys(root);
  return keys.length === 0
    ? json
    : `${json.slice(0, -1)},${JSON.stringify(pick(rng, keys))}:${JSON.stringify(stumbling(rng))}}`;
}

/** Bytes with bits flipped, cut, lengthened, doubled or spliced with another file's. */
export function mutateBytes(bytes: Uint8Array, rng: Rng, other: Uint8Array): Uint8Array {
  const at = () => rng.integer(Math.max(1, bytes.length));
  return pick<() => Uint8Array>(rng, [
    () => {
      const copy = bytes.slice();
      // Near the start and the end more often, where the structure and the smallest values are.
      const span = Math.min(copy.length, pick(rng, [16, 400, copy.length]));
      const start = rng.integer(3) === 0 ? copy.length - span : 0;
      for (let i = 0; i <= rng.integer(6) && span > 0; i++) copy[start + rng.integer(span)]! ^= 1 << rng.integer(8);
      return copy;
    },
    () => bytes.slice(0, at()),
    () => Uint8Array.of(...bytes.slice(0, at()), ...bytes.slice(at())),
    () => Uint8Array.of(...bytes, ...bytes.slice(at())),
    () => Uint8Array.of(...bytes.slice(0, at()), ...other.slice(rng.integer(Math.max(1, other.length)))),
    () => {
      const copy = bytes.slice();
      const length = pick(rng, [0n, 1n, 8n, BigInt(at()), BigInt(bytes.length), 2n ** 32n, 2n ** 63n, 2n ** 64n - 1n]);
      if (copy.length >= 8) new DataView(copy.buffer).setBigUint64(0, length, true);
      return copy;
    },
  ])();
}
