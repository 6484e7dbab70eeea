import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Conformance, conformanceSchema, type Peers, peersSchema, resultSchema } from '@tensor-papers/workbench';
import { ReportInputError } from './errors.js';
import { readJson } from './read-json.js';
import { isUnknown, type ReportFigure, type ReportResult } from './report-result.js';

/** Names of files in a folder of results that are not of one paper. */
export const PEERS_FILE = 'peers.json';
export const CONFORMANCE_FILE = 'engine.conformance.json';

/** A result and the file it came from. */
export interface ResultFile {
  file: string;
  result: ReportResult;
}

/** What the report needs of a schema. */
interface Schema<Value> {
  safeParse(
    content: unknown,
  ): { success: true; data: Value } | { success: false; error: { issues: { path: PropertyKey[]; message: string }[] } };
}

/** @throws ReportInputError naming the file and the first field that is wrong */
function readChecked<Value>(file: string, schema: Schema<Value>, remake: string): Value {
  return check(readJson(file, 'report/bad-result'), file, schema, remake);
}

function check<Value>(content: unknown, file: string, schema: Schema<Value>, remake: string): Value {
  const parsed = schema.safeParse(content);
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

/** The blocks of a result that name a kind which the schema does not know, each with its place in the list. */
function unknownFigures(content: unknown): Map<number, ReportFigure> {
  const blocks = (content as { figures?: unknown } | null)?.figures;
  if (!Array.isArray(blocks)) return new Map();
  const named = (block: unknown): block is ReportFigure =>
    typeof (block as { kind?: unknown } | null)?.kind === 'string' && isUnknown(block as ReportFigure);
  return new Map([...blocks.entries()].filter((entry): entry is [number, ReportFigure] => named(entry[1])));
}

/**
 * Reads one result file and checks it against the schema. Figures of unknown kinds are kept if they have what every figure has.
 * @throws ReportInputError naming the file and the first field that is wrong
 */
export function readResult(file: string): ReportResult {
  const content = readJson(file, 'report/bad-result');
  const unknown = unknownFigures(content);
  if (unknown.size === 0) return check(content, file, resultSchema, 'run the paper again');
  // An empty table stands for each, so that its title, caption and description are checked like those of any figure.
  const { figures, ...rest } = content as { figures: object[] };
  const known = figures.map((block, index) =>
    unknown.has(index) ? { ...block, kind: 'table', columns: [], rows: [] } : block,
  );
  const result = check({ ...rest, figures: known }, file, resultSchema, 'run the paper again');
  return { ...result, figures: result.figures.map((figure, index) => unknown.get(index) ?? figure) };
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

/** Results whose names are one `<paper>` and an ending; an absent folder has none. */
function readNamed(folder: string, ending: string): ResultFile[] {
  if (!existsSync(folder)) return [];
  const papers = readdirSync(folder).flatMap((name) =>
    name.endsWith(ending) && name !== PEERS_FILE ? [name.slice(0, -ending.length)] : [],
  );
  return papers
    .filter((paper) => /^[^.]+$/.test(paper))
    .sort()
    .map((paper) => {
      const file = join(folder, `${paper}${ending}`);
      const result = readResult(file);
      expectField(file, 'paper', paper, result.paper);
      return { file, result };
    });
}

function expectField(file: string, field: string, expected: string, got: string): void {
  if (got === expected) return;
  throw new ReportInputError(
    'report/bad-result',
    file,
    `field ${field}: expected "${expected}" as in the file's name, got "${got}"`,
  );
}

/** All results of a folder, one `<paper>.json` each. Studies and speed comparisons have files of their own. @throws ReportInputError */
export function readResults(folder: string): ResultFile[] {
  return readNamed(folder, '.json');
}

/** The studies of a folder, one `<paper>.study.json` each. @throws ReportInputError */
export function readStudies(folder: string): ResultFile[] {
  const studies = readNamed(folder, '.study.json');
  for (const { file, result } of studies) expectField(file, 'preset', 'study', result.preset);
  return studies;
}
