import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import {
  type Conformance,
  conformanceSchema,
  type Peers,
  peersSchema,
  type Result,
  resultSchema,
} from '@tensor-papers/workbench';
import { ReportInputError } from './errors.js';
import { readJson } from './read-json.js';

/** Names of files in a folder of results that are not of one paper. */
export const PEERS_FILE = 'peers.json';
export const CONFORMANCE_FILE = 'engine.conformance.json';

/** A result and the file it came from. */
export interface ResultFile {
  file: string;
  result: Result;
}

/** What the report needs of a schema. */
interface Schema<Value> {
  safeParse(
    content: unknown,
  ): { success: true; data: Value } | { success: false; error: { issues: { path: PropertyKey[]; message: string }[] } };
}

/** @throws ReportInputError naming the file and the first field that is wrong */
function readChecked<Value>(file: string, schema: Schema<Value>, remake: string): Value {
  const parsed = schema.safeParse(readJson(file, 'report/bad-result'));
  if (parsed.success) return parsed.data;
  const [first, ...others] = parsed.error.issues;
  const field = first?.path.join('.') || 'the whole file';
  const more = others.length > 0 ? ` (and ${others.length} more)` : '';
  throw new ReportInputError(
    'report/bad-result',
    file,
    `field ${field}: ${first?.message}${more}; results are never edited by hand, ${remake}`,
  );
}

/**
 * Reads one result file and checks it against the schema.
 * @throws ReportInputError naming the file and the first field that is wrong
 */
export function readResult(file: string): Result {
  return readChecked(file, resultSchema, 'run the paper again');
}

/** The speed comparisons of a folder of results; undefined where there are none. @throws ReportInputError */
export function readPeers(folder: string): Peers | undefined {
  const file = join(folder, PEERS_FILE);
  const peers = existsSync(file) ? readChecked(file, peersSchema, 'run `papers peers` again') : undefined;
  return peers?.rows.length ? peers : undefined;
}

/** The engines' conformance table of a folder of results; undefined where there is none. @throws ReportInputError */
export function readConformance(folder: string): Conformance | undefined {
  const file = join(folder, CONFORMANCE_FILE);
  return existsSync(file) ? readChecked(file, conformanceSchema, 'run `papers engine conformance` again') : undefined;
}

/** All results of a folder, one `<paper>.json` each; an absent folder has none. Studies and speed comparisons have files of their own. */
export function readResults(folder: string): ResultFile[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => /^[^.]+\.json$/.test(name) && name !== PEERS_FILE);
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
