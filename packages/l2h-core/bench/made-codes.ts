// Makes the codes that searches are timed on, once, and prints the file: database, then 1,000 queries, 8 bytes a code.
// node --conditions=@tensor-papers/source --import tsx bench/made-codes.ts random-4M | learned-10M
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRng } from '@tensor-papers/numerics/random';
import { type CodeRecipe, makeCodes } from './code-recipes.js';

export const madeQueries = 1000;

const kinds: Readonly<Record<string, readonly [recipe: CodeRecipe, n: number]>> = {
  'random-4M': ['random', 4_000_000],
  'learned-10M': ['learned', 10_000_000],
};

/** The file of these codes, made if it is not there. */
export async function madeCodes(kind: string): Promise<string> {
  const made = kinds[kind];
  if (made === undefined) throw new Error(`expected one of ${Object.keys(kinds).join(', ')}, got '${kind}'`);
  const folder = join(tmpdir(), 'tensor-papers-bench');
  const file = join(folder, `codes-1-${kind}.bin`);
  if (existsSync(file)) return file;
  mkdirSync(folder, { recursive: true });
  const [recipe, n] = made;
  const { words } = await makeCodes(recipe, n + madeQueries, createRng('made-codes').stream(kind));
  writeFileSync(`${file}.${process.pid}`, words);
  renameSync(`${file}.${process.pid}`, file);
  return file;
}

if (process.argv[1]?.endsWith('made-codes.ts')) console.log(await madeCodes(process.argv[2] ?? ''));
