import { CodeShapeError } from '../errors.js';
import { isTyped } from '../lists.js';
import { shown } from '../shown.js';
import { FileCorruptError } from './errors.js';

/** Throws unless these may be the bytes of a file. */
export function requireFileBytes(what: string, bytes: Uint8Array): void {
  if (isTyped(bytes, Uint8Array)) return;
  throw new CodeShapeError(`${what}: expected the bytes of a file as a Uint8Array, got ${shown(bytes)}`);
}

/** Little-endian numbers into bytes that grow. */
export class ByteWriter {
  #bytes = new Uint8Array(1024);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  text(ascii: string): this {
    for (const character of ascii) this.uint8(character.charCodeAt(0));
    return this;
  }

  uint8(value: number): this {
    const at = this.#room(1);
    this.#view.setUint8(at, value);
    return this;
  }

  int32(value: number): this {
    const at = this.#room(4);
    this.#view.setInt32(at, value, true);
    return this;
  }

  float32(value: number): this {
    const at = this.#room(4);
    this.#view.setFloat32(at, value, true);
    return this;
  }

  /** @param value a safe integer from 0 */
  uint64(value: number): this {
    return this.int64(value);
  }

  /** @param value a safe integer */
  int64(value: number): this {
    const at = this.#room(8);
    this.#view.setBigInt64(at, BigInt(value), true);
    return this;
  }

  bytes(values: Uint8Array): this {
    const at = this.#room(values.length);
    this.#bytes.set(values, at);
    return this;
  }

  result(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  /** Where `count` further bytes begin. The view may be another one afterwards. */
  #room(count: number): number {
    const at = this.#length;
    this.#length += count;
    if (this.#length > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(this.#length, 2 * this.#bytes.length));
      grown.set(this.#bytes);
      this.#bytes = grown;
      this.#view = new DataView(grown.buffer);
    }
    return at;
  }
}

/** Little-endian numbers out of bytes; throws FileCorruptError where they end. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #what: string;
  #at = 0;

  constructor(bytes: Uint8Array, what: string) {
    requireFileBytes(what, bytes);
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#what = what;
  }

  text(length: number): string {
    return String.fromCharCode(...this.bytes(length));
  }

  int32(): number {
    return this.#view.getInt32(this.#take(4), true);
  }

  uint8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  uint64(): number {
    const at = this.#take(8);
    return this.#safe(this.#view.getBigUint64(at, true), at);
  }

  /** Numbers in a row; their room is taken only if the file has them. @returns `[count]` */
  float32s(count: number): Float64Array {
    const at = this.#take(4 * count);
    return Float64Array.from({ length: count }, (_, i) => this.#view.getFloat32(at + 4 * i, true));
  }

  /** As {@link float32s}. */
  int64s(count: number): Float64Array {
    const at = this.#take(8 * count);
    return Float64Array.from({ length: count }, (_, i) =>
      this.#safe(this.#view.getBigInt64(at + 8 * i, true), at + 8 * i),
    );
  }

  /** @throws FileCorruptError where bytes are left */
  end(): void {
    const left = this.#bytes.length - this.#at;
    if (left > 0)
      throw new FileCorruptError(`${this.#what}: expected the end of the file at ${this.#at}, ${left} bytes follow`);
  }

  /** A view, not a copy. */
  bytes(length: number): Uint8Array {
    const at = this.#take(length);
    return this.#bytes.subarray(at, at + length);
  }

  skip(length: number): void {
    this.#take(length);
  }

  #take(length: number): number {
    const at = this.#at;
    if (length > this.#bytes.length - at) {
      throw new FileCorruptError(
        `${this.#what}: expected ${length} bytes at ${at}, the file ends at ${this.#bytes.length}`,
      );
    }
    this.#at += length;
    return at;
  }

  #safe(value: bigint, at: number): number {
    const number = Number(value);
    if (Number.isSafeInteger(number)) return number;
    throw new FileCorruptError(`${this.#what}: ${value} at ${at} is beyond what a number can count`);
  }
}
