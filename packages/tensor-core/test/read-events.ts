import { crc32c } from '../src/train/log/crc32c.js';

/** A protobuf message, field by field, in order: numbers, or bytes of what is delimited by a length. */
export type Fields = [field: number, value: number | Buffer][];

/** Reads the wire format without knowing the schema. */
export function readFields(bytes: Buffer): Fields {
  const fields: Fields = [];
  let at = 0;
  const varint = () => {
    let [value, shift] = [0n, 0n];
    for (;;) {
      const byte = bytes.readUInt8(at++);
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return Number(value);
      shift += 7n;
    }
  };
  while (at < bytes.length) {
    const key = varint();
    switch (key & 7) {
      case 0:
        fields.push([key >> 3, varint()]);
        break;
      case 1:
        fields.push([key >> 3, bytes.readDoubleLE(at)]);
        at += 8;
        break;
      case 2: {
        const length = varint();
        if (at + length > bytes.length) throw new Error('field longer than its message');
        fields.push([key >> 3, bytes.subarray(at, at + length)]);
        at += length;
        break;
      }
      case 5:
        fields.push([key >> 3, bytes.readFloatLE(at)]);
        at += 4;
        break;
      default:
        throw new Error(`wire type ${key & 7}`);
    }
  }
  return fields;
}

export function fieldOf(fields: Fields, number: number): number | Buffer | undefined {
  return fields.find(([field]) => field === number)?.[1];
}

function unmask(masked: number): number {
  const rotated = (masked - 0xa282ead8) >>> 0;
  return ((rotated << 15) | (rotated >>> 17)) >>> 0;
}

/** The records of a TFRecord file; throws where a checksum or a length is wrong. */
export function readRecords(file: Buffer): Buffer[] {
  const records: Buffer[] = [];
  let at = 0;
  while (at < file.length) {
    const length = Number(file.readBigUInt64LE(at));
    const data = file.subarray(at + 12, at + 12 + length);
    if (unmask(file.readUInt32LE(at + 8)) !== crc32c(file.subarray(at, at + 8)))
      throw new Error('checksum of a length');
    if (unmask(file.readUInt32LE(at + 12 + length)) !== crc32c(data)) throw new Error('checksum of data');
    records.push(data);
    at += 16 + length;
  }
  return records;
}

/** An event as it is read back. */
export interface ReadEvent {
  readonly wallTime: number;
  readonly step: number;
  readonly version: string | undefined;
  readonly sessionStatus: number | undefined;
  /** Fields of each summary value, its tag apart. */
  readonly values: readonly { readonly tag: string; readonly fields: Fields }[];
}

export function readEvents(file: Buffer): ReadEvent[] {
  return readRecords(file).map((record) => {
    const event = readFields(record);
    const session = fieldOf(event, 7) as Buffer | undefined;
    const summary = fieldOf(event, 5) as Buffer | undefined;
    return {
      wallTime: fieldOf(event, 1) as number,
      step: (fieldOf(event, 2) as number | undefined) ?? 0,
      version: fieldOf(event, 3)?.toString(),
      sessionStatus: session && (fieldOf(readFields(session), 1) as number),
      values: (summary === undefined ? [] : readFields(summary)).map(([, value]) => {
        const fields = readFields(value as Buffer);
        return { tag: String(fieldOf(fields, 1)), fields };
      }),
    };
  });
}
