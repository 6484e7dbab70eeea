import type { EngineName } from '@tensor-papers/engine';
import type { EngineInfo } from './define.js';
import type { SeedOutcome } from './outcome.js';
import type { PresetName } from './presets.js';

/** What a seed's process is to do. */
export interface SeedJob {
  /** The folder of papers and the name of one of them. */
  readonly papers: string;
  readonly paper: string;
  readonly preset: PresetName;
  readonly config: unknown;
  /** The engine that has to answer. */
  readonly engine: EngineName;
  /** undefined: only say which engine answers. */
  readonly seed: number | undefined;
}

/** From the run to a seed's process. */
export type ToSeed = { readonly type: 'start'; readonly job: SeedJob } | { readonly type: 'abort' };

/** From a seed's process to the run. */
export type FromSeed =
  | { readonly type: 'engine'; readonly engine: EngineInfo; readonly lines: readonly string[] }
  | { readonly type: 'log'; readonly line: string }
  | { readonly type: 'progress'; readonly fraction: number; readonly label: string }
  | { readonly type: 'done'; readonly outcome?: SeedOutcome; readonly aborted: boolean; readonly peakRssBytes: number }
  | { readonly type: 'failed'; readonly message: string };
