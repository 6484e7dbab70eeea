import type * as tf from '@tensorflow/tfjs';

type Layer = tf.layers.Layer;

function isModel(layer: Layer): layer is tf.LayersModel {
  return Array.isArray((layer as Partial<tf.LayersModel>).layers);
}

function size(shape: tf.Shape): number {
  return shape.reduce<number>((product, n) => product * (n ?? 1), 1);
}

/** TensorFlow.js gives one output's shape bare and several in a list. */
function singleShape(shapes: tf.Shape | tf.Shape[]): tf.Shape {
  return Array.isArray(shapes[0]) ? shapes[0] : (shapes as tf.Shape);
}

/** Multiply-adds of one use of the layer on one example; 0 for layers that are not counted. */
function multiplyAdds(layer: Layer, outputShape: tf.Shape): number {
  const kernel = layer.weights[0]?.shape;
  if (kernel === undefined) return 0;
  const positions = size(outputShape.slice(1)) / outputShape.at(-1)!;
  switch (layer.getClassName()) {
    case 'Conv1D':
    case 'Conv2D':
    case 'Conv3D':
    case 'Dense':
    case 'DepthwiseConv2D':
      return positions * size(kernel);
    default:
      return 0;
  }
}

/**
 * Floating-point operations of one forward pass on one example: 2 × the multiply-adds of its convolutions and dense layers.
 *
 * Convolution: 2 · h_out · w_out · k_h · k_w · c_in · c_out (depthwise: without c_out, times the multiplier); dense:
 * 2 · n_in · n_out. Nested models are included. Biases, batch normalisation, pooling and activations count nothing, and
 * neither do layers of other kinds: transposed and separable convolutions, recurrent layers.
 */
export function floatingPointOperations(model: tf.LayersModel): number {
  let total = 0;
  for (const layer of model.layers) {
    if (isModel(layer)) {
      total += floatingPointOperations(layer);
      continue;
    }
    for (const node of layer.inboundNodes) total += 2 * multiplyAdds(layer, singleShape(node.outputShapes));
  }
  return total;
}
