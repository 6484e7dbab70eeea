/** What JSON can hold. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue };

/** A tensor's values outside the engine. */
export interface HostTensor {
  readonly dtype: 'float32' | 'int32' | 'bool';
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array | Uint8Array;
}

/** What a part of a run needs in order to go on where it stood. */
export interface PartState {
  readonly values?: JsonValue;
  readonly tensors?: Readonly<Record<string, HostTensor>>;
}

/**
 * A part of a training run that a checkpoint saves: a model, an optimiser, a random stream, a counter.
 *
 * Restoring has two stages, so that a checkpoint that does not fit changes nothing at all.
 */
export interface CheckpointPart {
  capture(): PartState | Promise<PartState>;
  /**
   * Checks that a state fits and returns what applies it. Changes nothing itself.
   *
   * @throws CheckpointModelError, CheckpointPartError where it does not fit
   */
  prepareRestore(state: PartState): () => void;
}
