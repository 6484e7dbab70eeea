import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { SeedOutcome } from '../benchmark/outcome.js';
import { parseSeed, type SeedFile, type SeedKey, seedPath } from '../benchmark/seed-file.js';
import { wallSeconds } from '../benchmark/wall-seconds.js';
import { MergeError, WorkbenchError } from '../errors.js';
import { canonicalJson } from '../json.js';
import { readPaper, requirePaper } from '../paper/find-papers.js';
import { loadBenchmark } from '../paper/load-benchmark.js';
import { commonSurroundings } from './common-surroundings.js';
import { parseFile, readJsonFile } from './files.js';
import { type FinishedSeed, mergeSeeds } from './merge.js';
import { type Result, resultSchema, type Surroundings } from './schema.js';

/** One file: the seeds it has, and what they have in common. */
interface Part {
  readonly file: string;
  readonly key: SeedKey;
  readonly seeds: readonly FinishedSeed[];
  /** Whether what the figures need besides numbers is missing. */
  readonly bare: boolean;
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
    seeds: [seed],
    bare: false,
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

const sameKey = (a: SeedKey, b: SeedKey) => canonicalJson(a) === canonicalJson(b);

/** The seeds of a result: as they were kept beside it where they still are, otherwise what the result tells of them. */
function partOfResult(file: string, result: Result): Part {
  const key = keyOf(result);
  const { tfjs, node, machine, partial, peakRssBytes, wallSeconds: seconds } = result;
  let bare = false;
  const seeds = result.seeds.map((seed, index) => {
    const path = seedPath(dirname(file), result.paper, seed);
    const kept = existsSync(path) ? parseSeed(path, readJsonFile(path)) : undefined;
    if (kept && sameKey(kept.key, key)) return { seed, outcome: kept.outcome };
    bare = true;
    return { seed, outcome: outcomeOf(result, index) };
  });
  const surroundings = { ...(tfjs && { tfjs }), ...(node && { node }), ...(machine && { machine }) };
  return {
    file,
    key,
    seeds,
    bare,
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
    const field = (Object.keys(key) as (keyof SeedKey)[]).find(
      (name) => canonicalJson(key[name]) !== canonicalJson(first!.key[name]),
    );
    if (field) {
      throw new MergeError(
        `${first!.file} and ${file} differ in ${field}: ${canonicalJson(first!.key[field])} and ${canonicalJson(key[field])}; ` +
          'only seeds of one set-up make one result',
      );
    }
  }
}

function assertDifferentSeeds(parts: readonly Part[]): void {
  const seen = new Map<number, string>();
  for (const { file, seeds } of parts) {
    for (const { seed } of seeds) {
      if (seen.has(seed))
        throw new MergeError(`seed ${seed} is in ${seen.get(seed)} and in ${file}; each seed counts once`);
      seen.set(seed, file);
    }
  }
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
  assertDifferentSeeds(parts);
  const { key, commit } = parts[0]!;
  requirePaper(papers, key.paper);
  const benchmark = await loadBenchmark(papers, key.paper);
  const { claims } = readPaper(papers, key.paper);
  const seeds = parts.flatMap((part) => part.seeds);
  const wanted = benchmark.presets[key.preset]?.seeds ?? seeds.length;
  const numbers = seeds.map(({ seed }) => seed).sort((a, b) => a - b);
  try {
    return mergeSeeds(benchmark, seeds, {
      preset: key.preset,
      config: key.config,
      engine: key.engine,
      claims,
      source: { hash: key.source, commit: parts.every((part) => part.commit === commit) ? commit : null },
      command: commandOf(key, numbers),
      wallSeconds: parts.reduce((sum, part) => sum + part.wallSeconds, 0),
      peakRssBytes: Math.max(...parts.map((part) => part.peakRssBytes)),
      partial: parts.some((part) => part.partial) && seeds.length < wanted,
      ...commonSurroundings(parts.map((part) => part.surroundings)),
    });
  } catch (error) {
    const bare = parts.find((part) => part.bare);
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
