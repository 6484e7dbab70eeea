/** A checkpoint was asked for and there is none of that name. */
export class CheckpointNotFoundError extends Error {
  readonly code = 'train/checkpoint-not-found';
  override readonly name = 'CheckpointNotFoundError';
}

/** A checkpoint is cut off, was changed, or is no checkpoint. */
export class CheckpointCorruptError extends Error {
  readonly code = 'train/checkpoint-corrupt';
  override readonly name = 'CheckpointCorruptError';
}

/** A checkpoint was written in another format version. */
export class CheckpointVersionError extends Error {
  readonly code = 'train/checkpoint-version';
  override readonly name = 'CheckpointVersionError';
}

/** A checkpoint was written on another engine or with another number of threads, so that the bits would differ from here on. */
export class CheckpointEngineError extends Error {
  readonly code = 'train/checkpoint-other-engine';
  override readonly name = 'CheckpointEngineError';
}

/** A checkpoint belongs to a model with other weights. */
export class CheckpointModelError extends Error {
  readonly code = 'train/checkpoint-other-model';
  override readonly name = 'CheckpointModelError';
}

/** A checkpoint holds other parts than the run has, or a part that does not fit: another optimiser, another seed. */
export class CheckpointPartError extends Error {
  readonly code = 'train/checkpoint-other-part';
  override readonly name = 'CheckpointPartError';
}

/** A checkpoint could not be written; the one before is still there. */
export class CheckpointWriteError extends Error {
  readonly code = 'train/checkpoint-write';
  override readonly name = 'CheckpointWriteError';
}
