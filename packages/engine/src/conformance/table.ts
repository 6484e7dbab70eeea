import type { CaseResult, Outcome } from './case.js';

/** One engine's run over the cases, in a process of its own. */
export interface EngineRun {
  /** tensorflow, wasm, cpu. */
  readonly name: string;
  /** Whether it ran as TensorFlow.js ships it. */
  readonly stock: boolean;
  /** Version of the library that computes; null where the engine did not start. */
  readonly version: string | null;
  /** Why it did not start, or where it ended. */
  readonly failure?: string;
  readonly results: readonly CaseResult[];
}

type Status = Outcome['status'];

/** How many outcomes there are of each kind. */
export type Counts = Readonly<Record<Status, number>>;

/** What an engine made of a case. */
export type Cell = Pick<CaseResult, 'forward' | 'gradient'>;

/** Operation × engine × {forward, gradient} against float64. */
export interface ConformanceTable {
  /** What the cases are compared with. */
  readonly about: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly engines: readonly (Pick<EngineRun, 'name' | 'stock' | 'version' | 'failure'> & { readonly key: string })[];
  readonly cases: readonly {
    readonly id: string;
    readonly op: string;
    /** By the engine's key; absent where the engine did not come so far. */
    readonly results: Readonly<Record<string, Cell>>;
  }[];
  /** By the engine's key. */
  readonly summary: Readonly<Record<string, { readonly forward: Counts; readonly gradient: Counts }>>;
}

const statuses: readonly Status[] = ['ok', 'wrong', 'missing', 'failed'];

/** `wasm`, or `wasm/stock`. */
export const engineKey = ({ name, stock }: Pick<EngineRun, 'name' | 'stock'>) => (stock ? `${name}/stock` : name);

/** The table of several runs; the cases stand in the order in which the runs give them. */
export function conformanceTable(
  about: string,
  versions: Readonly<Record<string, string>>,
  runs: readonly EngineRun[],
): ConformanceTable {
  const cases = new Map<string, { id: string; op: string; results: Record<string, Cell> }>();
  for (const run of runs) {
    for (const { id, op, forward, gradient } of run.results) {
      const row = cases.get(id) ?? { id, op, results: {} };
      cases.set(id, row);
      row.results[engineKey(run)] = { forward: rounded(forward), gradient: gradient && rounded(gradient) };
    }
  }
  return {
    about,
    versions,
    engines: runs.map(({ results: _, ...run }) => ({ key: engineKey(run), ...run })),
    cases: [...cases.values()],
    summary: Object.fromEntries(
      runs.map((run) => [
        engineKey(run),
        {
          forward: count(run.results.map(({ forward }) => forward)),
          gradient: count(run.results.flatMap(({ gradient }) => gradient ?? [])),
        },
      ]),
    ),
  };
}

/** Two digits of an error say enough; JSON has no infinity, and the message says it. */
function rounded({ error, ...outcome }: Outcome): Outcome {
  return Number.isFinite(error) ? { ...outcome, error: Number(error!.toPrecision(2)) } : outcome;
}

function count(outcomes: readonly Outcome[]): Counts {
  const counts = { ok: 0, wrong: 0, missing: 0, failed: 0 };
  for (const { status } of outcomes) counts[status]++;
  return counts;
}

/** Whether every engine of this package came through every case with right numbers; stock engines are only watched. */
export function isConformant({ engines, cases }: ConformanceTable): boolean {
  return engines
    .filter(({ stock }) => !stock)
    .every(
      ({ key, failure }) =>
        failure === undefined &&
        cases.every(({ results }) => results[key]?.forward.status === 'ok' && isRight(results[key].gradient)),
    );
}

const isRight = (outcome: Outcome | null) => outcome === null || outcome.status === 'ok';

/** The table as JSON, one case a line. */
export function conformanceJson({ cases, ...table }: ConformanceTable): string {
  const head = JSON.stringify({ ...table }).slice(1, -1);
  return `{${head},"cases":[\n${cases.map((each) => JSON.stringify(each)).join(',\n')}\n]}\n`;
}

/** The summary, then what is not right, as lines for a person. */
export function formatConformance(table: ConformanceTable): string {
  const width = Math.max(6, ...table.engines.map(({ key }) => key.length)) + 2;
  const columns = (cells: readonly (string | number)[]) => cells.map((cell) => String(cell).padStart(8)).join('');
  const lines = [
    `${table.cases.length} cases against ${table.about}`,
    '',
    `${''.padEnd(width)}${'forward'.padStart(8)}${''.padEnd(24)}${'gradient'.padStart(8)}`,
    `${'engine'.padEnd(width)}${columns([...statuses, ...statuses])}`,
  ];
  for (const { key, failure } of table.engines) {
    const { forward, gradient } = table.summary[key]!;
    const numbers = [forward, gradient].flatMap((counts) => statuses.map((status) => counts[status]));
    lines.push(`${key.padEnd(width)}${columns(numbers)}`);
    if (failure !== undefined) lines.push(`${''.padEnd(width)}${failure}`);
  }
  for (const { key } of table.engines) {
    const bad = table.cases.flatMap(({ id, results }) => problems(id, results[key]));
    if (bad.length > 0) lines.push('', `${key}: not right`, ...bad.map((line) => `  ${line}`));
  }
  return lines.join('\n');
}

function problems(id: string, cell: Cell | undefined): string[] {
  if (!cell) return [];
  return (['forward', 'gradient'] as const).flatMap((direction) => {
    const outcome = cell[direction];
    return isRight(outcome) ? [] : [`${id}, ${direction}: ${outcome!.status}: ${outcome!.message}`];
  });
}
