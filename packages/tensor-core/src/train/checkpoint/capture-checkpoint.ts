import type { CheckpointPart, PartState } from './checkpoint-part.js';
import { describeIdentity, type EngineIdentity, engineIdentity } from './engine-identity.js';
import { CheckpointEngineError, CheckpointPartError } from './errors.js';

/** The state of all parts of a run at one moment. Holds no tensors of the engine. */
export interface Checkpoint {
  readonly engine: EngineIdentity;
  readonly parts: Readonly<Record<string, PartState>>;
}

/** Options of {@link restoreCheckpoint}. */
export interface RestoreOptions {
  /** Go on although another engine, version or number of threads computes: the bits will differ from here on. Default false. */
  readonly allowOtherEngine?: boolean;
  /** Restore only the named parts and leave out what else the checkpoint holds, as to evaluate a model. Default false. */
  readonly partial?: boolean;
}

/**
 * Takes the state of named parts.
 *
 * @returns plain data; nothing has to be disposed
 * @example
 * const checkpoint = await captureCheckpoint({ model: modelPart(model), optimizer: optimizerPart(optimizer, model) });
 */
export async function captureCheckpoint(parts: Readonly<Record<string, CheckpointPart>>): Promise<Checkpoint> {
  const states: Record<string, PartState> = {};
  for (const [name, part] of Object.entries(parts)) states[name] = await part.capture();
  return { engine: engineIdentity(), parts: states };
}

/**
 * Puts the named parts where they stood. All of them are checked before the first one changes.
 *
 * @throws CheckpointEngineError where another engine or thread count computes; CheckpointPartError for other parts;
 *   CheckpointModelError for a model with other weights
 * @example
 * restoreCheckpoint(await decodeCheckpoint(bytes), { model: modelPart(model) }, { partial: true });
 */
export function restoreCheckpoint(
  checkpoint: Checkpoint,
  parts: Readonly<Record<string, CheckpointPart>>,
  { allowOtherEngine = false, partial = false }: RestoreOptions = {},
): void {
  if (!allowOtherEngine) requireEngine(checkpoint.engine);
  const [saved, own] = [Object.keys(checkpoint.parts), Object.keys(parts)];
  const missing = own.filter((name) => !saved.includes(name));
  const extra = partial ? [] : saved.filter((name) => !own.includes(name));
  if (missing.length + extra.length > 0) {
    throw new CheckpointPartError(
      `expected a checkpoint of the parts ${own.join(', ')}, got one of ${saved.join(', ')}; ` +
        'go on with the options of the run that was saved',
    );
  }
  const commits = own.map((name) => prepare(name, parts[name]!, checkpoint.parts[name]!));
  for (const commit of commits) commit();
}

function prepare(name: string, part: CheckpointPart, state: PartState): () => void {
  try {
    return part.prepareRestore(state);
  } catch (error) {
    if (error instanceof Error && 'code' in error) error.message = `part ${name}: ${error.message}`;
    throw error;
  }
}

function requireEngine(saved: EngineIdentity): void {
  const own = engineIdentity();
  const same =
    own.name === saved.name &&
    own.version === saved.version &&
    own.threads === saved.threads &&
    own.tfjs === saved.tfjs;
  if (same) return;
  throw new CheckpointEngineError(
    `the checkpoint was written on ${describeIdentity(saved)}, and ${describeIdentity(own)} computes now: the bits would differ from ` +
      'here on. Choose that engine and number of threads, or pass `allowOtherEngine: true`',
  );
}
