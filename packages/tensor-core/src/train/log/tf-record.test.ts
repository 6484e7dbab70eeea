import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readFields, readRecords } from '../../../test/read-events.js';
import { crc32c } from './crc32c.js';
import { bytesField, doubleField, doublesField, floatField, integerField, message } from './protobuf.js';
import { maskedCrc32c, tfRecord } from './tf-record.js';

const bytes = (length: number, byte: (i: number) => number) => Uint8Array.from({ length }, (_, i) => byte(i));

describe('crc32c', () => {
  // RFC 3720, B.4, and the check value of the catalogues of checksums.
  it.each<[string, Uint8Array, number]>([
    ['nothing', new Uint8Array(0), 0],
    ['32 zeros', new Uint8Array(32), 0x8a9136aa],
    ['32 ones', bytes(32, () => 0xff), 0x62a8ab43],
    ['0 … 31', bytes(32, (i) => i), 0x46dd794e],
    ['31 … 0', bytes(32, (i) => 31 - i), 0x113fdb5c],
    ['123456789', Buffer.from('123456789'), 0xe3069283],
  ])('of %s', (_, data, expected) => {
    expect(crc32c(data)).toBe(expected);
  });

  it('masked: rotated by 15 bits, plus a constant', () => {
    expect(maskedCrc32c(new Uint8Array(0))).toBe(0xa282ead8);
    // 0xe3069283 rotated is 0x2507c60d.
    expect(maskedCrc32c(Buffer.from('123456789'))).toBe((0x2507c60d + 0xa282ead8) >>> 0);
  });
});

describe('tfRecord', () => {
  it('frames data so that it is read back, whatever it is', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 5 }), (records) => {
        const file = Buffer.concat(records.map(tfRecord));
        expect(readRecords(file).map((record) => [...record])).toEqual(records.map((record) => [...record]));
      }),
    );
  });
});

describe('protobuf', () => {
  it('writes the bytes of the specification', () => {
    // From the encoding guide: 150 in field 1, "testing" in field 2.
    expect([...integerField(1, 150)]).toEqual([0x08, 0x96, 0x01]);
    expect([...bytesField(2, 'testing')]).toEqual([0x12, 0x07, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6e, 0x67]);
    expect([...floatField(2, 1)]).toEqual([0x15, 0, 0, 0x80, 0x3f]);
    expect([...doubleField(1, 1)]).toEqual([0x09, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f]);
    expect([...doublesField(6, [1])]).toEqual([0x32, 8, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f]);
  });

  it('is read back', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.double(), fc.string({ maxLength: 200, unit: 'binary' }), (whole, real, text) => {
        const written = message(integerField(1, whole), doubleField(2, real), bytesField(15, text));
        const [first, second, third] = readFields(Buffer.from(written));
        expect([first, second]).toEqual([
          [1, whole],
          [2, real],
        ]);
        expect([third![0], third![1].toString()]).toEqual([15, Buffer.from(text).toString()]);
      }),
    );
  });
});
