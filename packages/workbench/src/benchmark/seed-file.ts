import { createHash } from 'node:crypto';
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

const VERSION = 2;

const seedFileSchema = z.strictObject({
  schema: z.literal(VERSION),
  key: keySchema,
  seed: z.int(),
  outcome: outcomeSchema,
  startedAt: z.number().describe('Milliseconds since 1970'),
  endedAt: z.number(),
  peakRssBytes: z.number().min(0),
  commit: z.string().nullable(),
  surroundings: surroundingsSchema,
  sha256: z.string().describe('Of all other fields: a damaged number is still a number'),
});

/** A finished seed, as it is kept for `--resume` and `merge`. */
export interface SeedFile {
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

const sha256 = (fields: object) => createHash('sha256').update(canonicalJson(fields)).digest('hex');

/** Keeps a finished seed. @throws OutputError */
export function writeSeed(out: string, file: SeedFile): void {
  const fields = { schema: VERSION, ...file };
  const text = JSON.stringify({ ...fields, sha256: sha256(fields) });
  writeAtomically(seedPath(out, file.key.paper, file.seed), `${text}\n`);
}

/** Checks the contents of a seed file. @throws ResultFileError naming the file and what is wrong with it */
export function parseSeed(path: string, content: unknown): SeedFile {
  const version = (content as { schema?: unknown } | null)?.schema;
  if (typeof version === 'number' && version !== VERSION) {
    throw new ResultFileError(
      `${path}: kept by another version of the papers command (schema ${version}, expected ${VERSION}); run the seed again`,
    );
  }
  const { sha256: expected, ...fields } = parseFile(path, content, seedFileSchema);
  if (sha256(fields) !== expected) {
    throw new ResultFileError(`${path}: was damaged after it was written (its sha256 differs); run the seed again`);
  }
  const { schema: _, ...file } = fields;
  return file as SeedFile;
}

/** The fields in which two set-ups differ. */
export const differingFields = (a: SeedKey, b: SeedKey) =>
  (Object.keys(a) as (keyof SeedKey)[]).filter((field) => canonicalJson(a[field]) !== canonicalJson(b[field]));

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
    const changed = differingFields(key, file.key);
    if (file.seed === seed && changed.length === 0) return file;
    say(
      file.seed === seed
        ? `seed ${seed} runs again: ${changed.join(', ')} changed since it was kept`
        : `seed ${seed} runs again: ${path} holds seed ${file.seed}`,
    );
  } catch (error) {
    if (!(error instanceof ResultFileError)) throw error;
    say(`seed ${seed} runs again: ${error.message}`);
  }
  return undefined;
}
