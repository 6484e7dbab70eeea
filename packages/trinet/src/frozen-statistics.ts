import type * as tf from '@tensorflow/tfjs';

type Layer = tf.layers.Layer;
type Nesting = Layer & { readonly layers?: readonly Layer[]; readonly layer?: Layer };

/** The layers of a model that hold weights which are not trained, such as the moving statistics of batch normalisation. */
export function statisticsLayers(layer: Layer): Layer[] {
  const { layers, layer: wrapped } = layer as Nesting;
  if (layers !== undefined) return layers.flatMap(statisticsLayers);
  if (wrapped !== undefined) return statisticsLayers(wrapped);
  return layer.nonTrainableWeights.length > 0 ? [layer] : [];
}

/**
 * Runs an action with these layers in inference mode, whatever mode the rest is in: batch normalisation uses its moving
 * statistics and leaves them as they are.
 */
export function withFrozenStatistics<Result>(layers: readonly Layer[], action: () => Result): Result {
  const own = layers.map((layer) => Object.getOwnPropertyDescriptor(layer, 'call'));
  for (const layer of layers) {
    const call = layer.call;
    layer.call = (inputs, kwargs) => call.call(layer, inputs, { ...kwargs, training: false });
  }
  try {
    return action();
  } finally {
    layers.forEach((layer, i) => {
      delete (layer as Partial<Layer>).call;
      if (own[i] !== undefined) Object.defineProperty(layer, 'call', own[i]);
    });
  }
}
