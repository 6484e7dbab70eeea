import type { ClaimResult } from '../claims/claim.js';
import type { ArmValues } from '../claims/verdict.js';
import { BenchmarkContractError } from '../errors.js';
import type { Figure } from '../figures/figure.js';
import { jsonSchema } from '../json.js';
import { unknownName } from '../nearest-name.js';
import type { SeedOutcome } from './outcome.js';
import { type PresetName, presetNames } from './presets.js';

/** The engine that computed. */
export interface EngineInfo {
  readonly name: string;
  readonly version: string;
  /** Threads of one seed's process; null where they cannot be known. */
  readonly threads: number | null;
}

/** What `runSeed` is given. */
export interface SeedContext<Config> {
  readonly seed: number;
  readonly config: Config;
  readonly preset: PresetName;
  /** The engine that runs in this process; it is chosen already. */
  readonly engine: EngineInfo;
  /** Aborts on Ctrl-C. What is returned after that is dropped. */
  readonly signal: AbortSignal;
  /** A line for the person who watches. */
  readonly log: (line: string) => void;
  /** How far this seed is, 0 … 1, and what it does now. */
  readonly progress: (fraction: number, label: string) => void;
}

/** What `figures` is given: every seed's outcome, and what was computed from all of them. */
export interface FigureContext<Config> {
  readonly seeds: readonly { readonly seed: number; readonly outcome: SeedOutcome }[];
  readonly arms: ArmValues;
  readonly config: Config;
  readonly preset: PresetName;
  readonly claims: readonly ClaimResult[];
}

/** How much a preset runs: this many seeds of this configuration (plain JSON). */
export interface Preset<Config> {
  readonly seeds: number;
  readonly config: Config;
}

/** The experiments of a paper: `export default defineBenchmark({ … })` in its `bench/benchmark.ts`. */
export interface BenchmarkDefinition<Config> {
  /** The paper's name: that of its folder and in its paper.json. */
  readonly paper: string;
  /** Every arm, with what it is. */
  readonly arms: Readonly<Record<string, string>>;
  readonly presets: Readonly<Partial<Record<PresetName, Preset<Config>>>>;
  /** Ids of the data sets that a configuration uses. */
  data(config: Config): readonly string[];
  /** Runs every arm for one seed. Called in a process of its own, with the engine chosen and one thread. */
  runSeed(context: SeedContext<Config>): Promise<SeedOutcome>;
  /** Draws nothing itself: turns outcomes into figure blocks. Pure. */
  figures(context: FigureContext<Config>): Figure[];
}

/**
 * Checks the definition of a benchmark and returns it.
 *
 * @throws BenchmarkContractError
 */
export function defineBenchmark<Config>(definition: BenchmarkDefinition<Config>): BenchmarkDefinition<Config> {
  const fail = (message: string): never => {
    throw new BenchmarkContractError(`defineBenchmark(${definition.paper}): ${message}`);
  };
  if (typeof definition.paper !== 'string' || definition.paper === '') fail('expected `paper`, the name of the paper');
  if (Object.keys(definition.arms).length === 0) fail('expected at least one arm');
  const presets = Object.entries(definition.presets);
  if (presets.length === 0) fail('expected at least one preset');
  for (const [name, preset] of presets) {
    if (!presetNames.includes(name as PresetName)) fail(unknownName('preset', name, presetNames));
    if (!Number.isSafeInteger(preset.seeds) || preset.seeds < 1) {
      fail(`preset ${name}: expected a number of seeds from 1 on, got ${preset.seeds}`);
    }
    if (!jsonSchema.safeParse(preset.config).success) {
      fail(`preset ${name}: expected a configuration of plain JSON; it is written into results`);
    }
  }
  for (const verb of ['data', 'runSeed', 'figures'] as const) {
    if (typeof definition[verb] !== 'function') fail(`expected a function ${verb}`);
  }
  return definition;
}

/** A benchmark whose configuration is not known here. */
export type AnyBenchmark = BenchmarkDefinition<unknown>;
