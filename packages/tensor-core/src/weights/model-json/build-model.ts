import * as tf from '@tensorflow/tfjs';
import { describeValue } from '../describe-value.js';
import { ModelFormatError } from '../errors.js';
import { elementCount } from '../safetensors/dtype.js';

type AddWeight = (
  name: string,
  shape: unknown[],
  dtype: tf.DataType,
  initializer: unknown,
  ...rest: unknown[]
) => tf.LayerVariable;

/** A model whose weights are still to be set. */
export interface BuiltModel {
  readonly model: tf.LayersModel;
  /** Disposes all of it; `model.dispose()` leaves layers that are called twice. */
  discard(): void;
}

/**
 * Builds a model from a topology; its weights are zeros.
 *
 * TensorFlow.js allocates what a topology asks for, so layers are watched while they are built: together they get no more
 * values than there are weights.
 *
 * @param values how many values the weights have
 * @throws ModelFormatError; nothing of the model is left then
 */
export function buildModel(topology: object, values: number): Promise<BuiltModel> {
  const layerPrototype = tf.layers.Layer.prototype as unknown as { addWeight: AddWeight };
  const { addWeight } = layerPrototype;
  const zeros = tf.initializers.zeros();
  const added: tf.LayerVariable[] = [];
  let left = values;
  layerPrototype.addWeight = function (this: unknown, name, shape, dtype, _initializer, ...rest) {
    const count = Array.isArray(shape) ? elementCount(shape) : Number.NaN;
    // NaN is not at most anything.
    if (!(count <= left)) {
      throw new ModelFormatError(
        'weights/bad-topology',
        `modelTopology: ${name} asks for the shape ${describeValue(shape)}, which is more than the ${left} values of the ` +
          'weights file that are left; topology and weights are not from one save',
      );
    }
    left -= count;
    let weight: tf.LayerVariable;
    // It leaves its initial value behind when it refuses a name.
    tf.tidy(() => {
      weight = addWeight.call(this, name, shape, dtype, zeros, ...rest);
      added.push(weight);
    });
    return weight!;
  };
  const discard = (): void => {
    for (const weight of added.splice(0)) weight.dispose();
  };
  const built = (model: tf.LayersModel): BuiltModel => {
    const used = new Set(model.weights);
    const unused = added.find((weight) => !used.has(weight));
    if (unused === undefined) return { model, discard };
    throw new ModelFormatError(
      'weights/bad-topology',
      `modelTopology: no output depends on the layer of ${unused.originalName}; save the model again`,
    );
  };
  const failed = (error: unknown): never => {
    discard();
    if (error instanceof ModelFormatError) throw error;
    throw new ModelFormatError(
      'weights/bad-topology',
      `modelTopology: TensorFlow.js cannot build it (${error instanceof Error ? error.message.slice(0, 300) : error}); ` +
        'import the module that defines its layers, or save the model again',
      { cause: error },
    );
  };
  try {
    // Builds everything before it returns its promise, so nobody else's layers are watched.
    return tf.models
      .modelFromJSON({ modelTopology: topology } as tf.io.ModelJSON)
      .then(built)
      .catch(failed);
  } finally {
    layerPrototype.addWeight = addWeight;
  }
}
