import { stateBytes } from './scan-state.js';

/** Codes of one chunk; its bitmap of removed positions lies before them. */
export const chunkCodes = 65_536;
const bitmapBytes = chunkCodes / 8;

/** Queries that are scanned for together. */
export const states = 32;

/**
 * Where things lie in the memory of an index: the states of queries, {@link states} for each scanner, then chunks of 65,536 codes of whole
 * 64-bit words, each behind its bitmap of removed positions.
 */
export class CodeLayout {
  /** 64-bit words of a code. */
  readonly words64: number;
  readonly stateBytes: number;
  /** The byte where the first chunk starts. */
  readonly chunksAt: number;

  /** @param scanners how many scan at the same time */
  constructor(
    readonly bits: number,
    scanners = 1,
  ) {
    this.words64 = Math.ceil(bits / 64);
    this.stateBytes = stateBytes(bits, this.words64);
    this.chunksAt = scanners * states * this.stateBytes;
  }

  bytesFor(n: number): number {
    const chunks = Math.ceil(n / chunkCodes);
    return this.chunksAt + chunks * bitmapBytes + n * 8 * this.words64;
  }

  /** The byte where the bitmap of a position's chunk starts. */
  bitmapAt(position: number): number {
    return this.chunksAt + Math.floor(position / chunkCodes) * (bitmapBytes + chunkCodes * 8 * this.words64);
  }

  /** The byte where a code starts. */
  codeAt(position: number): number {
    return this.bitmapAt(position) + bitmapBytes + (position % chunkCodes) * 8 * this.words64;
  }
}
