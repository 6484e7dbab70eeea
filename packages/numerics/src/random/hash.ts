/** The finaliser of MurmurHash3: every input bit reaches every output bit. */
function avalanche(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** 128 bits out of a text as four signed 32-bit integers, never all zero: a state for xoroshiro128+. */
export function hash128(text: string): [number, number, number, number] {
  const lanes: [number, number, number, number] = [0x9e3779b9, 0x7f4a7c15, 0xbf58476d, 0x1ce4e5b9];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    for (let lane = 0; lane < 4; lane++) {
      lanes[lane] = avalanche(lanes[lane]! + Math.imul(code + 1, 0x9e3779b1) + Math.imul(lane + 1, 0x27d4eb2f));
    }
  }
  for (let round = 0; round < 2; round++) {
    for (let lane = 0; lane < 4; lane++) {
      lanes[lane] = avalanche(lanes[lane]! ^ lanes[(lane + 1) % 4]!) + text.length + lane;
    }
  }
  for (let lane = 0; lane < 4; lane++) lanes[lane] = lanes[lane]! | 0;
  if (lanes.every((lane) => lane === 0)) lanes[0] = 1;
  return lanes;
}
