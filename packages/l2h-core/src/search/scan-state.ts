/** Where the fields of one query's state stand, in 32-bit words from its start; scripts/scan.wat says what they mean. */
export const field = {
  limit: 0,
  kth: 1,
  below: 2,
  k: 3,
  count: 4,
  room: 5,
  ties: 6,
  filtered: 7,
  words64: 8,
  histogram: 9,
  candidates: 10,
  query: 16,
} as const;

/** Candidates that a state holds before they have to be taken out. */
export const room = 256;

/** Bytes of one state, a multiple of 64. */
export const stateBytes = (bits: number, words64: number) =>
  Math.ceil((4 * field.query + 8 * words64 + 4 * (bits + 2) + 8 * room + 8) / 64) * 64;
