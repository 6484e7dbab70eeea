import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PaperError, UsageError } from '../errors.js';
import { describeIssues } from '../issues.js';
import { unknownName } from '../nearest-name.js';
import { type Paper, paperSchema } from './paper.js';

/** The repository that this program belongs to. */
export const repository = fileURLToPath(new URL('../../../../', import.meta.url));

/** Where the repository's papers are. */
export const papersFolder = join(repository, 'packages');

/** The names of the papers in a folder of packages: those with a `paper.json`. */
export function paperNames(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'paper.json')))
    .sort();
}

/** @throws UsageError with the nearest name when the folder has no such paper */
export function requirePaper(folder: string, name: string): void {
  const names = paperNames(folder);
  if (names.includes(name)) return;
  throw new UsageError(names.length === 0 ? `no papers in ${folder}` : unknownName('paper', name, names));
}

/** Reads and checks a `paper.json`. @throws PaperError naming the file and the field */
export function readPaper(folder: string, name: string): Paper {
  const file = join(folder, name, 'paper.json');
  const fail = (message: string, cause?: unknown): never => {
    throw new PaperError(`${file}: ${message}`, { cause });
  };
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    return fail(`cannot be read as JSON (${(error as Error).message})`, error);
  }
  const parsed = paperSchema.safeParse(content);
  if (!parsed.success) return fail(describeIssues(parsed.error));
  if (parsed.data.name !== name) {
    return fail(`field name: expected '${name}', the name of the folder, got '${parsed.data.name}'`);
  }
  return parsed.data;
}
