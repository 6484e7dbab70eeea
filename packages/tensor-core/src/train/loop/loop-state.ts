import type { Rng, RngState } from '@tensor-papers/numerics/random';
import type { CheckpointPart, JsonValue, PartState } from '../checkpoint/checkpoint-part.js';
import { randomPart } from '../checkpoint/checkpoint-parts.js';
import { CheckpointPartError } from '../checkpoint/errors.js';
import type { EpochSums } from '../epoch-meter.js';
import type { EpochRecord } from '../history.js';

/** Where the random streams of a run stand, by name. */
export type RandomStates = Readonly<Record<string, RngState>>;

/** Where a run stands. Plain JSON, so that a checkpoint holds all of it. */
export interface LoopPosition {
  /** Steps taken over all epochs. */
  readonly steps: number;
  /** The epoch that is under way, or comes next. */
  readonly epoch: number;
  /** Batches that the epoch's steps have used up. */
  readonly batches: number;
  /** What the epoch has added up; null between epochs. */
  readonly sums: EpochSums | null;
  /** As far as it is known. */
  readonly stepsPerEpoch: number | null;
  readonly epochs: readonly EpochRecord[];
  readonly best: { readonly epoch: number; readonly value: number } | null;
  readonly stoppedEarly: boolean;
  /** When the epoch began, and now. */
  readonly randomAtEpochStart: RandomStates;
  readonly random: RandomStates;
  /** What the sinks gave for going on, in their order; null for those that give nothing. */
  readonly sinks: readonly JsonValue[];
}

/** The loop's own state as a part of a checkpoint, with the random streams that it moves. */
export function loopPart(
  streams: Readonly<Record<string, Rng>>,
  get: () => LoopPosition,
  set: (position: LoopPosition) => void,
): CheckpointPart {
  return {
    capture: () => ({ values: get() as unknown as JsonValue }),
    prepareRestore: ({ values }: PartState) => {
      const position = values as unknown as LoopPosition;
      if (!Number.isInteger(position?.steps) || !Number.isInteger(position.epoch) || !Array.isArray(position.epochs)) {
        throw new CheckpointPartError('expected the state of a training loop; the checkpoint was captured by hand');
      }
      const [saved, own] = [Object.keys(position.random), Object.keys(streams)];
      if (saved.length !== own.length || own.some((name) => position.random[name] === undefined)) {
        throw new CheckpointPartError(`expected the random streams [${own.join(', ')}], got [${saved.join(', ')}]`);
      }
      const commits = own.map((name) =>
        randomPart(streams[name]!).prepareRestore({ values: { ...position.random[name]! } }),
      );
      return () => {
        for (const commit of commits) commit();
        set(position);
      };
    },
  };
}
