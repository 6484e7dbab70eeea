import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { SeedOutcome } from '../benchmark/outcome.js';
import { differingFields, parseSeed, type SeedFile, type SeedKey, seedPath } from '../benchmark/seed-file.js';
import { wallSeconds } from '../benchmark/wall-seconds.js';
import { MergeError, WorkbenchError } from '../errors.js';
import { canonicalJson } from '../json.js';
import { readPaper, requirePaper } from '../paper/find-papers.js';
import { loadBenchmark } from '../paper/load-benchmark.js';
import { commonSurroundings } from './common-surroundings.js';
import { parseFile, readJsonFile } from './files.js';
import { type FinishedSeed, mergeData, mergeSeeds } from './merge.js';
import { type Result, resultSchema, type Surroundings } from './schema.js';

/** A seed, where it was found, and whether what the figures need besides numbers is missing. */
interface SeedIn extends FinishedSeed {
  readonly file: string;
  readonly bare: boolean;
}

/** One file: the seeds it has, and what they have in common. */
interface Part {
  readonly file: string;
  readonly key: SeedKey;
  readonly seeds: readonly SeedIn[];
  readonly partial: boolean;
  readonly commit: string | null;
  readonly surroundings: Surroundings;
  readonly peakRssBytes: number;
  readonly wallSeconds: number;
}

function partOfSeed(file: string, seed: SeedFile): Part {
  const { key, commit, surroundings, peakRssBytes } = seed;
  return {
    file,
    key,
    seeds: [{ seed: seed.seed, outcome: seed.outcome, file, bare: false }],
    partial: false,
    commit,
    surroundings,
    peakRssBytes,
    wallSeconds: wallSeconds([seed]),
  };
}

/** What one seed measured, as far as a result tells. */
function outcomeOf(result: Result, index: number): SeedOutcome {
  const arms = Object.entries(result.arms).map(
    ([arm, metrics]) =>
      [arm, Object.fromEntries(Object.entries(metrics).map(([metric, values]) => [metric, values[index]!]))] as const,
  );
  return {
    arms: Object.fromEntries(arms.filter(([, metrics]) => Object.values(metrics).some((value) => value !== null))),
    series: result.series.filter(({ seed }) => seed === result.seeds[index]).map(({ seed: _, ...series }) => series),
    data: result.data,
  } as SeedOutcome;
}

function keyOf({ paper, preset, source, config, engine }: Result): SeedKey {
  return { paper, preset, source: source.hash, config, engine };
}

function shortJson(value: unknown): string {
  const text = canonicalJson(value ?? null);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

/** The path of the first value that differs, and both. */
function differingValue(a: unknown, b: unknown, path = ''): string | undefined {
  if (canonicalJson(a ?? null) === canonicalJson(b ?? null)) return undefined;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    return `${path}: ${shortJson(a)} and ${shortJson(b)}`;
  }
  const [left, right] = [a, b] as Record<string, unknown>[];
  for (const key of new Set([...Object.keys(left!), ...Object.keys(right!)])) {
    const differing = differingValue(left![key], right![key], path === '' ? key : `${path}.${key}`);
    if (differing) return differing;
  }
  return undefined;
}

/** What has to come out again when a seed is computed again. A result does not tell null from nothing. */
const numbersOf = ({ arms, series = [] }: SeedOutcome) => ({
  arms: Object.fromEntries(
    Object.entries(arms).flatMap(([arm, metrics]) =>
      Object.entries(metrics).flatMap(([metric, value]) => (value === null ? [] : [[`${arm}.${metric}`, value]])),
    ),
  ),
  series,
});

function assertSameNumbers(seed: number, a: SeedIn, b: SeedIn): void {
  const differing = differingValue(numbersOf(a.outcome), numbersOf(b.outcome));
  if (!differing) return;
  throw new MergeError(
    `seed ${seed} has other numbers in ${a.file} than in ${b.file} (${differing}); merge with one of them only, or run it again`,
  );
}

/** The seeds of a result: as they were kept beside it where they still are, otherwise what the result tells of them. */
function partOfResult(file: string, result: Result): Part {
  const key = keyOf(result);
  const { tfjs, node, machine, partial, peakRssBytes, wallSeconds: seconds } = result;
  const seeds = result.seeds.map((seed, index): SeedIn => {
    const told = { seed, outcome: outcomeOf(result, index), file, bare: true };
    const path = seedPath(dirname(file), result.paper, seed);
    const kept = existsSync(path) ? parseSeed(path, readJsonFile(path)) : undefined;
    if (kept?.seed !== seed || differingFields(kept.key, key).length > 0) return told;
    const whole = { seed, outcome: kept.outcome, file: path, bare: false };
    assertSameNumbers(seed, told, whole);
    return whole;
  });
  const surroundings = { ...(tfjs && { tfjs }), ...(node && { node }), ...(machine && { machine }) };
  return {
    file,
    key,
    seeds,
    partial,
    commit: result.source.commit,
    surroundings,
    peakRssBytes,
    wallSeconds: seconds,
  };
}

function readPart(file: string): Part {
  const content = readJsonFile(file);
  const isSeed = typeof content === 'object' && content !== null && 'outcome' in content;
  return isSeed
    ? partOfSeed(file, parseSeed(file, content))
    : partOfResult(file, parseFile(file, content, resultSchema));
}

function assertSameRun([first, ...others]: readonly Part[]): void {
  for (const { file, key } of others) {
    const [field] = differingFields(key, first!.key);
    if (field) {
      throw new MergeError(
        `${first!.file} and ${file} differ in ${field}: ${canonicalJson(first!.key[field])} and ${canonicalJson(key[field])}; ` +
          'only seeds of one set-up make one result',
      );
    }
  }
}

/** Every seed once, the fuller of two that are the same. @throws MergeError where they are not */
function uniteSeeds(parts: readonly Part[]): SeedIn[] {
  const united = new Map<number, SeedIn>();
  for (const found of parts.flatMap(({ seeds }) => seeds)) {
    const known = united.get(found.seed);
    if (known) assertSameNumbers(found.seed, known, found);
    if (!known || known.bare) united.set(found.seed, found);
  }
  return [...united.values()];
}

/**
 * One result out of result files and kept seeds of the same paper, preset, sources, configuration and engine.
 *
 * Figures are drawn again; where they need what only kept seeds have (`.seeds/` beside a result), those have to be there.
 *
 * @throws ResultFileError; MergeError when the files do not belong together; UsageError when the paper is not here
 */
export async function mergeFiles(files: readonly string[], papers: string): Promise<Result> {
  const parts = files.map(readPart);
  assertSameRun(parts);
  mergeData(
    parts.flatMap((part) => part.seeds),
    ({ seed, file }) => `seed ${seed} of ${file}`,
  );
  const seeds = uniteSeeds(parts);
  const { key, commit } = parts[0]!;
  requirePaper(papers, key.paper);
  const benchmark = await loadBenchmark(papers, key.paper);
  const { claims } = readPaper(papers, key.paper);
  const wanted = benchmark.presets[key.preset]?.seeds ?? seeds.length;
  const numbers = seeds.map(({ seed }) => seed).sort((a, b) => a - b);
  const consecutive = numbers.every((seed, index) => index === 0 || seed === numbers[index - 1]! + 1);
  const common = commonSurroundings(parts.map((part) => part.surroundings));
  try {
    return mergeSeeds(benchmark, seeds, {
      preset: key.preset,
      config: key.config,
      engine: key.engine,
      claims,
      source: { hash: key.source, commit: parts.every((part) => part.commit === commit) ? commit : null },
      ...(consecutive && { command: commandOf(key, numbers) }),
      wallSeconds: parts.reduce((sum, part) => sum + part.wallSeconds, 0),
      peakRssBytes: Math.max(...parts.map((part) => part.peakRssBytes)),
      partial: parts.some((part) => part.partial) && seeds.length < wanted,
      surroundings: common.surroundings,
      notes: [
        ...common.notes,
        ...(consecutive ? [] : ['Seeds are missing in between: no one command repeats the run.']),
      ],
    });
  } catch (error) {
    const bare = seeds.find((seed) => seed.bare);
    if (!bare || error instanceof WorkbenchError) throw error;
    throw new MergeError(
      `the figures of ${key.paper} cannot be drawn from ${bare.file} alone (${(error as Error).message}); ` +
        `keep the folder .seeds beside it, or merge the files in .seeds/${key.paper}`,
      { cause: error },
    );
  }
}

function commandOf({ paper, preset }: SeedKey, seeds: readonly number[]): string {
  const [first, last] = [seeds[0] ?? 1, seeds.at(-1) ?? 1];
  return `npx -y pnpm@10 papers run ${paper} --preset ${preset} --seed ${first} --seeds ${last - first + 1}`;
}
