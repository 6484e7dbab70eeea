// Makes the codes that searches are timed on, once, and prints the file: database, then queries, 8 bytes a code.
// node --conditions=@tensor-papers/source --import tsx bench/made-codes.ts random-4M | learned-10M
//
// random: all bits are fair coins. learned: like codes of iterative quantisation: ten centres and normal noise in 32 dimensions whose
// variances fall as 1 / i², turned into 64 dimensions at random, then signs. DISTANCES
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRng, type Rng } from '@tensor-papers/numerics/random';
import { randomRotation } from '../src/vectors/rotations.js';

export const madeQueries = 1000;
const bits = 64;

interface Made {
  readonly n: number;
  fill(words: Uint32Array, rng: Rng): void | Promise<void>;
}

function fillRandom(words: Uint32Array, rng: Rng): void {
  for (let i = 0; i < words.length; i++) words[i] = rng.integer(2 ** 32);
}

async function fillLearned(words: Uint32Array, rng: Rng): Promise<void> {
  const dimensions = 32;
  const deviations = Float64Array.from({ length: dimensions }, (_, i) => 1 / (i + 1));
  const centres = Float64Array.from({ length: 10 * dimensions }, () => 2 * rng.normal());
  const { values: rotation } = await randomRotation(bits, rng);
  const y = new Float64Array(bits);
  for (let code = 0; 2 * code < words.length; code++) {
    const centre = rng.integer(10) * dimensions;
    y.fill(0);
    for (let i = 0; i < dimensions; i++) {
      const z = deviations[i]! * (centres[centre + i]! + rng.normal());
      for (let b = 0; b < bits; b++) y[b]! += z * rotation[i * bits + b]!;
    }
    for (let b = 0; b < bits; b++) if (y[b]! >= 0) words[2 * code + (b >>> 5)]! |= 1 << (b & 31);
  }
}

const kinds: Readonly<Record<string, Made>> = {
  'random-4M': { n: 4_000_000, fill: fillRandom },
  'learned-10M': { n: 10_000_000, fill: fillLearned },
};

/** The file of these codes, made if it is not there. */
export async function madeCodes(kind: string): Promise<string> {
  const made = kinds[kind];
  if (made === undefined) throw new Error(`expected one of ${Object.keys(kinds).join(', ')}, got '${kind}'`);
  const folder = join(tmpdir(), 'tensor-papers-bench');
  const file = join(folder, `codes-1-${kind}.bin`);
  if (existsSync(file)) return file;
  mkdirSync(folder, { recursive: true });
  const words = new Uint32Array((bits / 32) * (made.n + madeQueries));
  await made.fill(words, createRng('made-codes').stream(kind));
  writeFileSync(`${file}.${process.pid}`, words);
  renameSync(`${file}.${process.pid}`, file);
  return file;
}

if (process.argv[1]?.endsWith('made-codes.ts')) console.log(await madeCodes(process.argv[2] ?? ''));
