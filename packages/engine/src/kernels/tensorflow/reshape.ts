import * as tf from '@tensorflow/tfjs';

/** A reshape to the shape that is there shares the data, as every other backend does; TensorFlow would be called with a new tensor of sizes. */
export const reshape = (stock: tf.KernelConfig): tf.KernelConfig => ({
  ...stock,
  kernelFunc: (call) => {
    const x = call.inputs.x as tf.TensorInfo;
    const { shape } = call.attrs as unknown as tf.ReshapeAttrs;
    if (!tf.util.arraysEqual(shape, x.shape)) return stock.kernelFunc(call);
    (call.backend as unknown as tf.KernelBackend).incRef(x.dataId as unknown as object);
    return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
  },
});
