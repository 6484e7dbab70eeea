import { SavedGenerationsError } from './errors.js';
import type { GenerationReport } from './generation-report.js';

/** Name and version of the form of `generations.json`. */
export const savedFormat = 'tensor-papers/ban-generations/1';

/** A saved model: its folder (beside `generations.json`) and the checksum of the weights in it. */
export interface SavedModel {
  readonly generation: number;
  readonly folder: string;
  /** SHA-256 of `weights.bin`, hex. */
  readonly weightsSha256: string;
}

/** What `generations.json` holds. */
export interface SavedGenerations {
  readonly format: typeof savedFormat;
  readonly aborted: boolean;
  readonly history: readonly GenerationReport[];
  readonly models: readonly SavedModel[];
}

/** Name of a model's folder: its content decides it, so a folder that an index names is never written again. */
export function modelFolder(generation: number, sha256: string): string {
  return `generation-${generation}-${sha256.slice(0, 12)}`;
}

/** Whether a name is one that {@link modelFolder} gives. */
export function isModelFolder(name: string): boolean {
  return /^generation-\d+-[0-9a-f]{12}$/.test(name);
}

/**
 * The index in the text of `generations.json`.
 *
 * @throws SavedGenerationsError for other text than `saveGenerations` writes
 */
export function parseSavedGenerations(text: string, path: string): SavedGenerations {
  const fail = (problem: string, cause?: unknown): never => {
    throw new SavedGenerationsError(
      `${path}: ${problem}; save the generations again`,
      cause === undefined ? {} : { cause },
    );
  };
  let saved: Partial<SavedGenerations> | null;
  try {
    saved = JSON.parse(text) as Partial<SavedGenerations> | null;
  } catch (error) {
    return fail('expected JSON, got something else (is the file cut off?)', error);
  }
  if (saved?.format !== savedFormat) fail(`expected the format ${savedFormat}, got ${JSON.stringify(saved?.format)}`);
  const { history, models, aborted } = saved!;
  if (!Array.isArray(history) || !history.every(isReport)) fail('expected `history` to be a list of reports');
  if (typeof aborted !== 'boolean') fail('expected `aborted` to be true or false');
  if (!Array.isArray(models) || !models.every(isSavedModel)) {
    fail('expected `models` to be a list of generations with folder and checksum');
  }
  const known = new Set(history!.map(({ generation }) => generation));
  if (!models!.every(({ generation }) => known.has(generation))) {
    fail('expected a report in `history` for every one of `models`');
  }
  return saved as SavedGenerations;
}

function isReport(value: unknown): value is GenerationReport {
  const report = value as Partial<GenerationReport> | null;
  return (
    Number.isInteger(report?.generation) &&
    typeof report?.mode === 'string' &&
    typeof report.meanConfidence === 'number' &&
    Array.isArray(report.epochs) &&
    Array.isArray(report.warnings)
  );
}

function isSavedModel(value: unknown): value is SavedModel {
  const model = value as Partial<SavedModel> | null;
  return (
    Number.isInteger(model?.generation) &&
    // A name from a file must not lead out of the folder.
    typeof model?.folder === 'string' &&
    isModelFolder(model.folder) &&
    typeof model.weightsSha256 === 'string' &&
    /^[0-9a-f]{64}$/.test(model.weightsSha256)
  );
}
