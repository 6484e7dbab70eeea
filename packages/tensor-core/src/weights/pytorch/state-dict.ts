import type * as tf from '@tensorflow/tfjs';
import { WeightNamesError } from '../errors.js';
import {
  assignWeights,
  type NamedWeights,
  type SetWeightsReport,
  type WeightSlot,
  weightsByName,
  weightsOf,
} from '../named-weights.js';
import type { StoredTensor } from '../safetensors/decode.js';
import type { ModuleNames } from './modules.js';
import { type Parameter, parameterOf } from './parameters.js';

/** Options of {@link loadStateDict}. */
export interface StateDictOptions {
  /** What the layers are called in PyTorch: {@link resNetModules}, {@link wideResNetModules}, your own, or an object. */
  readonly modules: ModuleNames | Readonly<Record<string, string>>;
  /** Whether every weight and every tensor has to be used. Default true. */
  readonly strict?: boolean;
}

interface Slot extends WeightSlot {
  /** The weight's name in our model. */
  readonly own: string;
  readonly parameter: Parameter;
}

/** All layers with weights of their own, those of nested models too. */
function leafLayers(layers: readonly tf.layers.Layer[]): tf.layers.Layer[] {
  return layers.flatMap((layer) => {
    const nested = (layer as Partial<Pick<tf.LayersModel, 'layers'>>).layers;
    return nested === undefined ? [layer] : leafLayers(nested);
  });
}

function slotsOf(model: tf.LayersModel, modules: StateDictOptions['modules']): Slot[] {
  const moduleOf =
    typeof modules === 'function'
      ? modules
      : (layer: string) => (Object.hasOwn(modules, layer) ? modules[layer] : undefined);
  const slots: Slot[] = [];
  const unmapped = new Set(weightsByName(model).keys());
  for (const layer of leafLayers(model.layers)) {
    for (const weight of layer.weights) {
      const own = weight.originalName;
      const parameter = parameterOf(layer.getClassName(), own.slice(layer.name.length + 1));
      const module = moduleOf(layer.name);
      if (parameter === undefined || module === undefined || !unmapped.delete(own)) continue;
      const shape = weight.shape as number[];
      slots.push({
        own,
        parameter,
        weight,
        name: module === '' ? parameter.name : `${module}.${parameter.name}`,
        shape: parameter.shape(shape),
        convert: (tensor) => parameter.toOwn(tensor, shape),
      });
    }
  }
  if (unmapped.size > 0) {
    throw new WeightNamesError(
      'weights of the model have no counterpart in PyTorch: give `modules` that name their layers',
      {
        missing: [...unmapped],
      },
    );
  }
  return slots;
}

/** Counters of batch normalisation that no layer here has. */
const isCounter = (name: string): boolean => name.endsWith('num_batches_tracked');

/**
 * Sets a model's weights from a PyTorch state dict, such as a safetensors file holds.
 *
 * Convolution kernels go from `[out, in, h, w]` to `[h, w, in, out]`, depthwise ones from `[in · m, 1, h, w]` to `[h, w, in, m]`, linear
 * ones from `[out, in]` to `[in, out]`; `weight`, `bias`, `running_mean` and `running_var` of a normalisation become `gamma`, `beta`,
 * `moving_mean` and `moving_variance`; `num_batches_tracked` is left out. A linear layer behind a flattened image needs its rows
 * reordered as well, because PyTorch flattens channels first: do that yourself.
 *
 * @param stateDict by PyTorch's names, in PyTorch's shapes
 * @returns what was left out, in PyTorch's names, when not `strict`
 * @throws WeightNamesError when names or shapes do not fit, in PyTorch's terms, or a layer has no module;
 * DtypeConversionError for weights that are no floats; after an error the model is as it was
 * @example
 * const { tensors } = await readSafetensorsFile('resnet18.safetensors');
 * loadStateDict(model, tensors, { modules: resNetModules });
 */
export function loadStateDict(
  model: tf.LayersModel,
  stateDict: NamedWeights,
  { modules, strict = true }: StateDictOptions,
): SetWeightsReport {
  const tensors = new Map([...stateDict].filter(([name]) => !isCounter(name)));
  return assignWeights('the state dict does not fit the model', slotsOf(model, modules), tensors, strict);
}

/**
 * A model's weights as a PyTorch state dict: the reverse of {@link loadStateDict}.
 *
 * `load_state_dict` takes it in its strict mode, though it has no `num_batches_tracked`.
 *
 * @returns copies, by PyTorch's names
 * @throws WeightNamesError when a layer has no module
 * @example
 * await writeSafetensorsFile('resnet18.safetensors', await stateDictOf(model, resNetModules), { format: 'pt' });
 */
export async function stateDictOf(
  model: tf.LayersModel,
  modules: StateDictOptions['modules'],
): Promise<Map<string, StoredTensor>> {
  const slots = slotsOf(model, modules);
  const weights = await weightsOf(model);
  return new Map(slots.map(({ own, name, parameter }) => [name, parameter.fromOwn(weights.get(own)!)]));
}
