import { type Codes, codesFromBytes, codesToBytes, requireCodes } from '../codes/codes.js';
import { HashOptionError } from '../errors.js';
import { requireIds } from '../lists.js';
import { ProductQuantizer } from '../quantizers/product-quantizer.js';
import { type QuantizedCodes, requireQuantized } from '../quantizers/quantizer.js';
import { shown } from '../shown.js';
import { ByteReader, ByteWriter } from './bytes.js';
import { FileCorruptError, FileFormatError } from './errors.js';

/** METRIC_L2, which faiss writes for Hamming distances too. */
const euclidean = 1;

/** What is read out of a faiss file of binary codes. */
export interface FaissBinary {
  readonly codes: Codes;
  /** Of an IndexBinaryIDMap; else 0, 1, 2, … */
  readonly ids: Float64Array;
}

/** What is read out of a faiss file of a product quantiser. */
export interface FaissPq {
  readonly quantizer: ProductQuantizer;
  readonly codes: QuantizedCodes;
  /** Of an IndexIDMap; else 0, 1, 2, … */
  readonly ids: Float64Array;
}

/**
 * Codes as faiss writes an IndexBinaryFlat (`faiss.read_index_binary` reads it); with ids, an IndexBinaryIDMap of one.
 *
 * @throws HashOptionError for bits that are no multiple of 8, which faiss does not have, or wrong ids
 */
export function encodeFaissBinary(codes: Codes, ids?: ArrayLike<number>): Uint8Array {
  requireCodes('encodeFaissBinary', codes);
  if (codes.bits % 8 !== 0) {
    throw new HashOptionError(`encodeFaissBinary: faiss has codes of whole bytes only, got ${codes.bits} bits`);
  }
  const bytes = codesToBytes(codes);
  const writer = new ByteWriter();
  const header = (fourcc: string) =>
    writer
      .text(fourcc)
      .int32(codes.bits)
      .int32(codes.bits / 8)
      .uint64(codes.n)
      .uint8(1)
      .int32(euclidean);
  if (ids !== undefined) {
    requireIds('encodeFaissBinary', ids, codes.n);
    header('IBMp');
  }
  header('IBxF').uint64(bytes.length).bytes(bytes);
  if (ids) writeIds(writer, ids);
  return writer.result();
}

/**
 * Reads what faiss wrote of an IndexBinaryFlat, or of an IndexBinaryIDMap of one. Such files have no checksums: sizes that do not agree are
 * found, a code that was changed is not.
 *
 * @throws FileFormatError for other indexes, FileCorruptError for files that were cut off
 */
export function decodeFaissBinary(file: Uint8Array): FaissBinary {
  const reader = new ByteReader(file, 'decodeFaissBinary');
  const header = () => {
    const [bits, codeSize, count] = [reader.int32(), reader.int32(), reader.uint64()];
    requireTrained(reader.uint8());
    reader.skip(4);
    if (bits < 8 || bits !== 8 * codeSize) {
      throw new FileCorruptError(
        `decodeFaissBinary: expected codes of whole bytes, got ${bits} bits in ${codeSize} bytes`,
      );
    }
    return { bits, count };
  };
  let fourcc = reader.text(4);
  const map = fourcc === 'IBMp' || fourcc === 'IBM2' ? header() : undefined;
  if (map) fourcc = reader.text(4);
  if (fourcc !== 'IBxF') throw otherIndex('decodeFaissBinary', 'an IndexBinaryFlat (IBxF, or in IBMp)', fourcc);
  const { bits, count } = header();
  if (map) requireSize(map.bits, bits, 'bits of a code in the map of ids');
  if (map) requireSize(map.count, count, 'codes in the map of ids');
  const bytes = reader.bytes(requireSize(reader.uint64(), (count * bits) / 8, 'codes'));
  const ids = map ? readIds(reader, count) : counted(count);
  reader.end();
  return { codes: codesFromBytes(bytes, bits), ids };
}

/**
 * A product quantiser of 256 centroids a part and its codes as faiss writes an IndexPQ (`faiss.read_index`); with ids, an IndexIDMap of one.
 *
 * @throws HashOptionError for another number of centroids (faiss has powers of 2; here 256), or wrong ids; CodeShapeError
 */
export function encodeFaissPq(quantizer: ProductQuantizer, codes: QuantizedCodes, ids?: ArrayLike<number>): Uint8Array {
  if (quantizer?.kind !== 'pq' || typeof quantizer.tables !== 'function') {
    throw new HashOptionError(`encodeFaissPq: expected a fitted ProductQuantizer, got ${shown(quantizer)}`);
  }
  const { parts, centroids, width, values } = quantizer.codebooks;
  if (centroids !== 256) {
    throw new HashOptionError(
      `encodeFaissPq: expected 256 centroids a part, got ${centroids}; fit the quantiser with 256`,
    );
  }
  requireQuantized('encodeFaissPq', codes, parts, centroids);
  const writer = new ByteWriter();
  const header = (fourcc: string) =>
    writer
      .text(fourcc)
      .int32(parts * width)
      .uint64(codes.n)
      .uint64(2 ** 20)
      .uint64(2 ** 20)
      .uint8(1)
      .int32(euclidean);
  if (ids !== undefined) {
    requireIds('encodeFaissPq', ids, codes.n);
    header('IxMp');
  }
  header('IxPq')
    .uint64(parts * width)
    .uint64(parts)
    .uint64(8)
    .uint64(values.length);
  for (const value of values) writer.float32(value);
  // Search type "PQ", no coded signs, and faiss' default of a threshold that plays no part in it.
  writer
    .uint64(codes.bytes.length)
    .bytes(codes.bytes)
    .int32(0)
    .uint8(0)
    .int32(8 * parts + 1);
  if (ids) writeIds(writer, ids);
  return writer.result();
}

/**
 * Reads what faiss wrote of an IndexPQ with 8 bits a part, or of an IndexIDMap of one. Such files have no checksums, as with
 * {@link decodeFaissBinary}.
 *
 * @throws FileFormatError for other indexes, FileCorruptError for files that were cut off
 */
export function decodeFaissPq(file: Uint8Array): FaissPq {
  const reader = new ByteReader(file, 'decodeFaissPq');
  const header = () => {
    const [dimensions, count] = [reader.int32(), reader.uint64()];
    reader.skip(8 + 8);
    requireTrained(reader.uint8());
    const metric = reader.int32();
    if (metric !== euclidean)
      throw new FileFormatError(`decodeFaissPq: expected Euclidean distances (metric 1), got metric ${metric}`);
    return { dimensions, count };
  };
  let fourcc = reader.text(4);
  const map = fourcc === 'IxMp' || fourcc === 'IxM2' ? header() : undefined;
  if (map) fourcc = reader.text(4);
  if (fourcc !== 'IxPq') throw otherIndex('decodeFaissPq', 'an IndexPQ (IxPq, or in IxMp)', fourcc);
  const { count, dimensions } = header();
  if (map) requireSize(map.count, count, 'codes in the map of ids');
  if (map) requireSize(map.dimensions, dimensions, 'dimensions in the map of ids');
  requireSize(reader.uint64(), dimensions, 'dimensions of the quantiser');
  const [parts, bits] = [reader.uint64(), reader.uint64()];
  if (bits !== 8) throw new FileFormatError(`decodeFaissPq: expected 8 bits a part, got ${bits}`);
  if (parts < 1 || dimensions < 1 || dimensions % parts !== 0) {
    throw new FileCorruptError(
      `decodeFaissPq: expected parts of equal width, got ${parts} parts of ${dimensions} dimensions`,
    );
  }
  const values = reader.float32s(requireSize(reader.uint64(), 256 * dimensions, 'numbers of centroids'));
  if (!values.every(Number.isFinite)) throw new FileCorruptError('decodeFaissPq: a centroid is not finite');
  const bytes = reader.bytes(requireSize(reader.uint64(), count * parts, 'codes'));
  reader.skip(4 + 1 + 4);
  const ids = map ? readIds(reader, count) : counted(count);
  reader.end();
  const codebooks = { parts, centroids: 256, width: dimensions / parts, values };
  return { quantizer: ProductQuantizer.fromCodebooks(codebooks), codes: { n: count, parts, bytes }, ids };
}

const counted = (count: number) => Float64Array.from({ length: count }, (_, i) => i);

function otherIndex(what: string, expected: string, got: string): FileFormatError {
  const printable = /^[\x20-\x7e]{4}$/.test(got) ? got : 'no index of faiss';
  return new FileFormatError(`${what}: expected ${expected}, got ${printable}`);
}

function requireTrained(flag: number): void {
  if (flag !== 1) throw new FileFormatError(`faiss file: expected an index that is trained (1), got ${flag}`);
}

function requireSize(got: number, expected: number, what: string): number {
  if (got === expected) return got;
  throw new FileCorruptError(`faiss file: expected ${expected} ${what}, got ${got}`);
}

function writeIds(writer: ByteWriter, ids: ArrayLike<number>): void {
  writer.uint64(ids.length);
  for (let i = 0; i < ids.length; i++) writer.int64(ids[i]!);
}

function readIds(reader: ByteReader, count: number): Float64Array {
  return reader.int64s(requireSize(reader.uint64(), count, 'ids'));
}
