import type { Rng, RngState } from '@tensor-papers/numerics/random';
import type * as tf from '@tensorflow/tfjs';
import type { Optimizer } from '../optimizers/optimizer.js';
import { type Trainable, variablesOf } from '../trainable.js';
import type { CheckpointPart, JsonValue } from './checkpoint-part.js';
import { CheckpointModelError, CheckpointPartError } from './errors.js';
import { writeTensor } from './host-tensor.js';
import { captureTensors, requireTensors } from './tensor-parts.js';
import { nameVariables } from './weight-names.js';

/** A layer that counts what it drew, such as `SeededDropout`; models nest, and wrappers hold a layer. */
interface DrawingLayer {
  draws?: unknown;
  readonly layers?: readonly DrawingLayer[];
  readonly layer?: DrawingLayer;
}

/** @internal The layers of a model that count what they drew, in order. */
export function drawingLayers(model: object): { draws: number; readonly seed?: number }[] {
  const { draws, layers = [], layer } = model as DrawingLayer;
  const own = typeof draws === 'number' ? [model as { draws: number }] : [];
  return [...own, ...[...layers, ...(layer === undefined ? [] : [layer])].flatMap(drawingLayers)];
}

/**
 * A model as a part of a checkpoint: all weights, moving statistics included, and how far its seeded dropout has drawn.
 *
 * Weights are known by their layer's name; numbers that TensorFlow.js counts up within a process do not matter.
 */
export function modelPart(model: Trainable): CheckpointPart {
  const weights = nameVariables(model.weights);
  const layers = drawingLayers(model);
  const drawn = () => layers.map(({ draws, seed = null }) => ({ draws, seed }));
  return {
    capture: async () => ({ values: { drawn: drawn() }, tensors: await captureTensors(weights) }),
    prepareRestore: (state) => {
      requireTensors('model', weights, state);
      const { drawn: saved } = (state.values ?? {}) as { drawn?: ReturnType<typeof drawn> };
      const seedsOf = (list: ReturnType<typeof drawn> | undefined) => JSON.stringify(list?.map(({ seed }) => seed));
      if (seedsOf(saved) !== seedsOf(drawn()) || !saved!.every(({ draws }) => Number.isSafeInteger(draws))) {
        throw new CheckpointModelError(
          `the checkpoint belongs to another model: expected dropout or noise of the seeds ${seedsOf(drawn())}, got ${seedsOf(saved)}. ` +
            'Make the model with the seed that was saved',
        );
      }
      return () => {
        for (const { name, variable } of weights) {
          const saved = writeTensor(state.tensors![name]!);
          variable.assign(saved);
          saved.dispose();
        }
        layers.forEach((layer, i) => {
          layer.draws = saved![i]!.draws;
        });
      };
    },
  };
}

/**
 * An optimiser as a part of a checkpoint: its steps and slots.
 *
 * @param of the model that it updates, or its variables in the order that they are given to `apply`
 */
export function optimizerPart(optimizer: Optimizer, of: Trainable | readonly tf.Variable[]): CheckpointPart {
  const variables = () => ('trainableWeights' in of ? variablesOf(of.trainableWeights) : of);
  return {
    capture: () => optimizer.capture(),
    prepareRestore: (state) => optimizer.prepareRestore(state, variables()),
  };
}

/** A random stream as a part of a checkpoint; restoring moves the very stream. */
export function randomPart(rng: Rng): CheckpointPart {
  return {
    capture: () => ({ values: { ...rng.state() } }),
    prepareRestore: ({ values }) => {
      const state = values as unknown as RngState;
      const before = rng.state();
      try {
        rng.moveTo(state);
      } catch (error) {
        throw new CheckpointPartError(error instanceof Error ? error.message : String(error), { cause: error });
      }
      rng.moveTo(before);
      return () => rng.moveTo(state);
    },
  };
}

/**
 * Anything that JSON can hold as a part of a checkpoint: a counter, a queue of losses.
 *
 * @param get what is saved; NaN and the infinities are kept
 * @param set takes it back; what it throws ends the restore half-way, so check in `check`
 * @param check throws for a value that does not fit
 */
export function valuePart<Value extends JsonValue>(
  get: () => Value,
  set: (value: Value) => void,
  check: (value: Value) => void = () => {},
): CheckpointPart {
  return {
    capture: () => ({ values: get() }),
    prepareRestore: ({ values }) => {
      check(values as Value);
      return () => set(values as Value);
    },
  };
}
