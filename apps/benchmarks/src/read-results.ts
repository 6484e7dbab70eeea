import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Result, resultSchema } from '@tensor-papers/workbench';
import { ReportInputError } from './errors.js';
import { readJson } from './read-json.js';

/** A result and the file it came from. */
export interface ResultFile {
  file: string;
  result: Result;
}

/**
 * Reads one result file and checks it against the schema.
 * @throws ReportInputError naming the file and the first field that is wrong
 */
export function readResult(file: string): Result {
  const parsed = resultSchema.safeParse(readJson(file, 'report/bad-result'));
  if (parsed.success) return parsed.data;
  const [first, ...others] = parsed.error.issues;
  const field = first?.path.join('.') || 'the whole file';
  const more = others.length > 0 ? ` (and ${others.length} more)` : '';
  throw new ReportInputError(
    'report/bad-result',
    file,
    `field ${field}: ${first?.message}${more}; results are never edited by hand, run the paper again`,
  );
}

/** All results of a folder, one `<paper>.json` each; an absent folder has none. Studies and speed comparisons have files of their own. */
export function readResults(folder: string): ResultFile[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => /^[^.]+\.json$/.test(name) && name !== 'peers.json');
  return names.sort().map((name) => {
    const file = join(folder, name);
    const result = readResult(file);
    if (result.paper !== basename(name, '.json')) {
      throw new ReportInputError(
        'report/bad-result',
        file,
        `field paper: expected "${basename(name, '.json')}" as in the file's name, got "${result.paper}"`,
      );
    }
    return { file, result };
  });
}
