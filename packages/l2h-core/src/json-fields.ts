import { createMatrix, type Matrix } from '@tensor-papers/numerics/linalg';
import { HashOptionError } from './errors.js';
import { shown } from './shown.js';

/** What a model consists of. */
export type Fields = Readonly<Record<string, number | Float64Array | Matrix>>;

/** Fields as plain JSON: numbers as they are, arrays as the base64 of their float64 bytes (little-endian), which keeps every bit. */
export function packFields(fields: Fields): Record<string, unknown> {
  const entries = Object.entries(fields).map(([name, value]): [string, unknown] => {
    if (typeof value === 'number') return [name, value];
    if (value instanceof Float64Array) return [name, { float64: toBase64(value) }];
    return [name, { rows: value.rows, columns: value.columns, float64: toBase64(value.values) }];
  });
  return Object.fromEntries(entries);
}

/** What came instead of a model of some kind. */
export function kindShown(json: unknown): string {
  const { kind, version } = Object(json) as { kind?: unknown; version?: unknown };
  if (typeof kind === 'string') return `${kind.slice(0, 20)}, version ${shown(version)}`;
  return `${shown(json)}${typeof json === 'string' ? '; JSON.parse it first' : ''}`;
}

/** Reads what a toJSON() wrote. @param expected what is of that kind, in words @throws HashOptionError for another kind or version */
export function jsonReader(what: string, expected: string, kind: string, json: unknown): FieldReader {
  const { kind: got, version } = Object(json) as { kind?: unknown; version?: unknown };
  if (got === kind && version === 1) return new FieldReader(what, json);
  throw new HashOptionError(`${what}: expected ${expected} of kind ${kind}, version 1, got ${kindShown(json)}`);
}

/** Reads what {@link packFields} wrote; whatever is missing, of another size or not finite is refused. */
export class FieldReader {
  readonly what: string;
  readonly #fields: Readonly<Record<string, unknown>>;

  constructor(what: string, fields: unknown) {
    this.what = what;
    if (typeof fields !== 'object' || fields === null) throw this.#refusal('a model', fields);
    this.#fields = fields as Record<string, unknown>;
  }

  number(name: string): number {
    const value = this.#fields[name];
    if (!Number.isFinite(value)) throw this.#refusal(`a finite number ${name}`, value);
    return value as number;
  }

  flag(name: string): boolean {
    const value = this.#fields[name];
    if (typeof value !== 'boolean') throw this.#refusal(`true or false as ${name}`, value);
    return value;
  }

  object(name: string): object {
    const value = this.#fields[name];
    if (typeof value !== 'object' || value === null) throw this.#refusal(`an object as ${name}`, value);
    return value;
  }

  fields(name: string): FieldReader {
    return new FieldReader(this.what, this.object(name));
  }

  vector(name: string, length?: number): Float64Array {
    const { float64 } = Object(this.#fields[name]) as { float64?: unknown };
    const values = fromBase64(float64);
    if (!values?.every(Number.isFinite)) throw this.#refusal(`finite numbers in ${name}`, float64);
    if (length !== undefined && values.length !== length) {
      throw this.#refusal(`${length} numbers in ${name}`, values.length);
    }
    return values;
  }

  matrix(name: string, rows?: number, columns?: number): Matrix & { readonly values: Float64Array } {
    const values = this.vector(name);
    const size = Object(this.#fields[name]) as { rows?: number; columns?: number };
    const fits = (rows ?? size.rows) === size.rows && (columns ?? size.columns) === size.columns;
    const whole = Number.isSafeInteger(size.rows) && Number.isSafeInteger(size.columns) && size.rows! >= 1;
    if (!fits || !whole || size.columns! < 1 || size.rows! * size.columns! !== values.length) {
      throw this.#refusal(`${name} of ${rows ?? 'n'} × ${columns ?? 'm'}`, `${size.rows} × ${size.columns}`);
    }
    return createMatrix(values, size.rows!, size.columns!);
  }

  #refusal(expected: string, got: unknown): HashOptionError {
    return new HashOptionError(`${this.what}: expected ${expected}, got ${shown(got)}; was it written by toJSON()?`);
  }
}

function toBase64(values: ArrayLike<number>): string {
  const bytes = new Uint8Array(values.length * 8);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < values.length; i++) view.setFloat64(i * 8, values[i]!, true);
  let text = '';
  // Arguments of one call are limited.
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}

function fromBase64(text: unknown): Float64Array | undefined {
  if (typeof text !== 'string') return undefined;
  let decoded: string;
  try {
    decoded = atob(text);
  } catch {
    return undefined;
  }
  if (decoded.length % 8 !== 0) return undefined;
  const view = new DataView(Uint8Array.from(decoded, (letter) => letter.charCodeAt(0)).buffer);
  return Float64Array.from({ length: decoded.length / 8 }, (_, i) => view.getFloat64(i * 8, true));
}
