// The part of the protobuf wire format that event files need. A message is the concatenation of its fields.

const VARINT = 0;
const EIGHT_BYTES = 1;
const LENGTH_DELIMITED = 2;
const FOUR_BYTES = 5;

/** A non-negative safe integer, seven bits a byte. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return bytes;
}

function key(field: number, wireType: number): number[] {
  return varint(field * 8 + wireType);
}

/** A message out of its fields. */
export function message(...fields: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(fields);
}

/** int32, int64 or an enumeration, not negative. */
export function integerField(field: number, value: number): Uint8Array {
  return Uint8Array.from([...key(field, VARINT), ...varint(value)]);
}

/** double */
export function doubleField(field: number, value: number): Uint8Array {
  const bytes = Buffer.alloc(9, key(field, EIGHT_BYTES)[0]!);
  bytes.writeDoubleLE(value, 1);
  return bytes;
}

/** float */
export function floatField(field: number, value: number): Uint8Array {
  const bytes = Buffer.alloc(5, key(field, FOUR_BYTES)[0]!);
  bytes.writeFloatLE(value, 1);
  return bytes;
}

/** string, bytes or a message. */
export function bytesField(field: number, value: string | Uint8Array): Uint8Array {
  const bytes = typeof value === 'string' ? Buffer.from(value, 'utf8') : value;
  return message(Uint8Array.from([...key(field, LENGTH_DELIMITED), ...varint(bytes.length)]), bytes);
}

/** repeated double, packed. */
export function doublesField(field: number, values: ArrayLike<number>): Uint8Array {
  const bytes = Buffer.alloc(8 * values.length);
  for (let i = 0; i < values.length; i++) bytes.writeDoubleLE(values[i]!, 8 * i);
  return bytesField(field, bytes);
}
