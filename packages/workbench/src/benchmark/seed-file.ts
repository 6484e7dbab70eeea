import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ResultFileError } from '../errors.js';
import { canonicalJson, jsonSchema } from '../json.js';
import { parseFile, readJsonFile, writeAtomically } from '../result/files.js';
import { engineSchema, type Surroundings, surroundingsSchema } from '../result/schema.js';
import { outcomeSchema, type SeedOutcome } from './outcome.js';
import { presetNames } from './presets.js';

const keySchema = z.strictObject({
  paper: z.string(),
  preset: z.enum(presetNames),
  source: z.string(),
  config: jsonSchema,
  engine: engineSchema,
});

/** What decides a seed's numbers besides the seed itself. */
export type SeedKey = z.infer<typeof keySchema>;

export const seedFileSchema = z.strictObject({
  schema: z.literal(1),
  key: keySchema,
  seed: z.int(),
  outcome: outcomeSchema,
  startedAt: z.number().describe('Milliseconds since 1970'),
  endedAt: z.number(),
  peakRssBytes: z.number().min(0),
  commit: z.string().nullable(),
  surroundings: surroundingsSchema,
});

/** A finished seed, as it is kept for `--resume` and `merge`. */
export interface SeedFile {
  schema: 1;
  key: SeedKey;
  seed: number;
  outcome: SeedOutcome;
  startedAt: number;
  endedAt: number;
  peakRssBytes: number;
  commit: string | null;
  surroundings: Surroundings;
}

/** Where the finished seeds of a paper are kept below the folder of its result. */
export const seedFolder = (out: string, paper: string) => join(out, '.seeds', paper);

export const seedPath = (out: string, paper: string, seed: number) => join(seedFolder(out, paper), `${seed}.json`);

/** Keeps a finished seed. @throws OutputError */
export function writeSeed(out: string, file: SeedFile): void {
  writeAtomically(seedPath(out, file.key.paper, file.seed), `${JSON.stringify(file)}\n`);
}

/** Checks the contents of a seed file. @throws ResultFileError naming file and field */
export function parseSeed(path: string, content: unknown): SeedFile {
  return parseFile(path, content, seedFileSchema) as SeedFile;
}

/**
 * The kept outcome of a seed if it can be used again: there, whole, and made under the same key.
 *
 * @param say hears why one that is there cannot be used
 */
export function reusableSeed(
  out: string,
  key: SeedKey,
  seed: number,
  say: (line: string) => void,
): SeedFile | undefined {
  const path = seedPath(out, key.paper, seed);
  if (!existsSync(path)) return undefined;
  try {
    const file = parseSeed(path, readJsonFile(path));
    const changed = (Object.keys(key) as (keyof SeedKey)[]).filter(
      (field) => canonicalJson(key[field]) !== canonicalJson(file.key[field]),
    );
    if (file.seed === seed && changed.length === 0) return file;
    say(`seed ${seed} runs again: ${changed.join(', ') || 'seed'} changed since it was kept`);
  } catch (error) {
    if (!(error instanceof ResultFileError)) throw error;
    say(`seed ${seed} runs again: ${error.message}`);
  }
  return undefined;
}
