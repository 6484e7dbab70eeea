import * as tf from '@tensorflow/tfjs';
import { DtypeConversionError, WeightNamesError, type WrongShape } from './errors.js';
import { numericData, storedDtype, type WeightDtype } from './numeric-data.js';
import type { StoredTensor } from './safetensors/decode.js';

/** Weights by name. */
export type NamedWeights = ReadonlyMap<string, StoredTensor>;

/** Anything with named weights. A `tf.LayersModel` is one. */
export interface WeightedModel {
  /** All weights, moving statistics included. */
  readonly weights: readonly (tf.Variable | tf.LayerVariable)[];
}

/** Options of {@link setWeights}. */
export interface SetWeightsOptions {
  /** What a weight of the model is called in the map. Default: the same. */
  readonly nameMap?: Readonly<Record<string, string>> | ((name: string) => string);
  /** Whether every weight and every tensor has to be used. Default true. */
  readonly strict?: boolean;
}

/** What {@link setWeights} left out; both are empty when `strict`. */
export interface SetWeightsReport {
  /** Weights of the model that kept their values. */
  readonly missing: readonly string[];
  /** Tensors of the map that no weight took. */
  readonly unexpected: readonly string[];
}

type Weight = WeightedModel['weights'][number];

// The name that a layer gave, without the suffix that makes it unique among all models of the process.
const nameOf = (weight: Weight): string => ('originalName' in weight ? weight.originalName : weight.name);

/** The model's weights by name, in its order. @throws WeightNamesError when two have the same */
export function weightsByName(model: WeightedModel): Map<string, Weight> {
  const named = new Map<string, Weight>();
  for (const weight of model.weights) {
    const name = nameOf(weight);
    if (named.has(name)) {
      throw new WeightNamesError(`two weights of the model have the name ${JSON.stringify(name)}; rename a layer`);
    }
    named.set(name, weight);
  }
  return named;
}

function requireWeightDtype(name: string, dtype: tf.DataType): WeightDtype {
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype;
  throw new DtypeConversionError(`weight ${JSON.stringify(name)}: expected float32, int32 or bool, got ${dtype}`);
}

/**
 * The weights of a model by name, such as `stem/kernel`: what `tf.LayersModel.save` calls them.
 *
 * Shapes and layouts are those of TensorFlow.js: convolution kernels `[h, w, in, out]`, dense kernels `[in, out]`.
 *
 * @returns copies of the values; nothing has to be disposed
 * @throws WeightNamesError when two weights have the same name
 * @example
 * const weights = await weightsOf(model);
 * weights.get('logits/bias')!.data; // Float32Array
 */
export async function weightsOf(model: WeightedModel): Promise<Map<string, StoredTensor>> {
  const weights = new Map<string, StoredTensor>();
  for (const [name, weight] of weightsByName(model)) {
    const tensor = 'read' in weight ? weight.read() : weight;
    const dtype = storedDtype[requireWeightDtype(name, tensor.dtype)];
    // Some backends return the array that they compute with.
    const data = (await tensor.data()).slice() as StoredTensor['data'];
    weights.set(name, { dtype, shape: [...tensor.shape], data });
  }
  return weights;
}

function write(weight: Weight, values: Float32Array | Int32Array | Uint8Array, dtype: WeightDtype): void {
  tf.tidy(() => {
    const tensor = tf.tensor(values, weight.shape as number[], dtype);
    // The variable itself: `write` would apply the layer's constraint to what was saved.
    const variable = ('read' in weight ? weight.read() : weight) as tf.Variable;
    variable.assign(tensor);
  });
}

/** A weight, and where it finds its values. */
export interface WeightSlot {
  readonly weight: Weight;
  /** Name of its tensor. */
  readonly name: string;
  /** Shape of its tensor. */
  readonly shape: readonly number[];
  /** The tensor in the shape of the weight. */
  convert(tensor: StoredTensor): StoredTensor;
}

/** Fills the slots; checks everything before it sets anything. @throws WeightNamesError, DtypeConversionError */
export function assignWeights(
  problem: string,
  slots: readonly WeightSlot[],
  tensors: NamedWeights,
  strict: boolean,
): SetWeightsReport {
  const missing: string[] = [];
  const wrongShape: WrongShape[] = [];
  const unexpected = new Set(tensors.keys());
  const found: [slot: WeightSlot, tensor: StoredTensor][] = [];
  for (const slot of slots) {
    const { name, shape } = slot;
    const tensor = tensors.get(name);
    unexpected.delete(name);
    if (tensor === undefined) missing.push(name);
    else if (tensor.shape.join() !== shape.join()) wrongShape.push({ name, expected: shape, actual: tensor.shape });
    else found.push([slot, tensor]);
  }
  const report = { missing, unexpected: [...unexpected] };
  if (wrongShape.length > 0 || (strict && missing.length + unexpected.size > 0)) {
    const advice =
      wrongShape.length > 0
        ? 'make the model as it was when the weights were saved'
        : 'give the names that the file uses, or strict: false to set those that fit';
    throw new WeightNamesError(problem, { ...report, wrongShape, advice });
  }
  const writes = found.map(([{ weight, name, convert }, tensor]) => {
    const dtype = requireWeightDtype(name, weight.dtype);
    return { weight, dtype, values: numericData(name, convert(tensor), dtype) };
  });
  for (const { weight, dtype, values } of writes) write(weight, values, dtype);
  return report;
}

/**
 * Sets a model's weights by name.
 *
 * Everything is checked first: after an error the model is as it was.
 *
 * @param weights tensors of the shapes that the model's weights have; floats of any width become float32
 * @returns what was left out, when not `strict`
 * @throws WeightNamesError when, `strict`, a weight finds no tensor or a tensor no weight, and whenever a shape is another;
 * DtypeConversionError for another kind of number
 * @example
 * setWeights(model, (await readSafetensorsFile('model.safetensors')).tensors);
 */
export function setWeights(
  model: WeightedModel,
  weights: NamedWeights,
  { nameMap = (name) => name, strict = true }: SetWeightsOptions = {},
): SetWeightsReport {
  const mapped =
    typeof nameMap === 'function' ? nameMap : (name: string) => (Object.hasOwn(nameMap, name) ? nameMap[name]! : name);
  const slots = Array.from(
    weightsByName(model),
    ([name, weight]): WeightSlot => ({
      weight,
      name: mapped(name),
      shape: weight.shape as number[],
      convert: (tensor) => tensor,
    }),
  );
  return assignWeights('the weights do not fit the model', slots, weights, strict);
}
