import { captureCheckpoint, restoreCheckpoint } from '../checkpoint/capture-checkpoint.js';
import type { CheckpointPart, PartState } from '../checkpoint/checkpoint-part.js';
import { decodeCheckpoint, encodeCheckpoint } from '../checkpoint/encode-checkpoint.js';
import { CheckpointNotFoundError } from '../checkpoint/errors.js';
import { TrainOptionError } from '../errors.js';
import { requireInteger } from '../require-option.js';
import type { CheckpointEvent, CheckpointOptions } from './loop-options.js';

/** Throws for options that make no sense. */
export function requireCheckpointOptions(
  checkpoint: CheckpointOptions | undefined,
  resume: boolean | 'auto' | undefined,
): void {
  if (resume !== undefined && resume !== 'auto' && typeof resume !== 'boolean') {
    throw new TrainOptionError(`resume: expected true, false or 'auto', got ${String(resume)}`);
  }
  if (checkpoint === undefined) {
    if (resume) throw new TrainOptionError('resume: expected `checkpoint` to say where from, got none');
    return;
  }
  const { everySteps, everyEpochs, store } = checkpoint;
  if (typeof store?.read !== 'function' || typeof store.write !== 'function') {
    throw new TrainOptionError('checkpoint: expected a `store` with read and write, such as checkpointFolder(path)');
  }
  if (everySteps !== undefined) requireInteger('checkpoint: everySteps', everySteps, 1);
  if (everyEpochs !== undefined) requireInteger('checkpoint: everyEpochs', everyEpochs, 1);
}

/** The first weight that is not finite. */
function notFinite({ tensors = {} }: PartState): string | undefined {
  return Object.keys(tensors).find((name) => {
    const { data } = tensors[name]!;
    let zero = 0;
    for (let i = 0; i < data.length; i++) zero += 0 * data[i]!;
    return !Number.isFinite(zero);
  });
}

/** Writes and reads the checkpoints of a run. */
export class Checkpointer {
  /** Steps of the newest `last`; undefined before the first. */
  steps: number | undefined;
  readonly #options: CheckpointOptions;
  readonly #parts: Readonly<Record<string, CheckpointPart>>;

  /** @param parts all that a checkpoint holds, the loop's own state included */
  constructor(options: CheckpointOptions, parts: Readonly<Record<string, CheckpointPart>>) {
    this.#options = options;
    this.#parts = parts;
  }

  isDueAfterStep(steps: number): boolean {
    const { everySteps } = this.#options;
    return everySteps !== undefined && steps % everySteps === 0;
  }

  isDueAfterEpoch(epochs: number): boolean {
    const { everySteps, everyEpochs = everySteps === undefined ? 1 : undefined } = this.#options;
    return everyEpochs !== undefined && epochs % everyEpochs === 0;
  }

  get keepsBest(): boolean {
    return this.#options.keepBest ?? false;
  }

  /** Writes the present state under these names. @param fail called with the name of a weight that is not finite */
  async write(
    names: readonly CheckpointEvent['name'][],
    at: { steps: number; epoch: number },
    fail: (weight: string) => never,
  ): Promise<void> {
    const checkpoint = await captureCheckpoint(this.#parts);
    const broken = Object.values(checkpoint.parts)
      .map(notFinite)
      .find((name) => name !== undefined);
    if (broken !== undefined) fail(broken);
    const bytes = await encodeCheckpoint(checkpoint);
    for (const name of names) await this.#options.store.write(name, bytes);
    if (names.includes('last')) this.steps = at.steps;
  }

  /** Puts all parts where `last` stands. @returns whether there was one */
  async resume(mode: true | 'auto'): Promise<boolean> {
    const bytes = await this.#options.store.read('last');
    if (bytes === null) {
      if (mode === 'auto') return false;
      throw new CheckpointNotFoundError(
        "resume: expected a checkpoint 'last' in the store, got none; pass resume: 'auto' to begin anew where there is none",
      );
    }
    const checkpoint = await decodeCheckpoint(bytes);
    restoreCheckpoint(checkpoint, this.#parts, { allowOtherEngine: this.#options.allowOtherEngine ?? false });
    return true;
  }
}
