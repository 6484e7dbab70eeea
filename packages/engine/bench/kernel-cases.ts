import * as tf from '@tensorflow/tfjs';

/** A piece of a training step that is timed with stock TensorFlow.js and with this package. */
export interface KernelCase {
  readonly name: string;
  /** Makes what is timed; what it returns is disposed after each run. */
  prepare(): () => tf.TensorContainer;
}

const image = () => tf.randomNormal([64, 32, 32, 32]);

/** Value and gradient w.r.t. one input. */
const ofInput = (name: string, f: (x: tf.Tensor) => tf.Tensor, shape?: number[]): KernelCase => ({
  name,
  prepare: () => {
    const x = shape ? tf.randomNormal(shape) : image();
    const gradient = tf.grad((each: tf.Tensor) => tf.mean(f(each)));
    return () => gradient(x);
  },
});

/** A layer in training, with the gradients of its weights and of its input. */
const ofLayer = (name: string, make: () => tf.layers.Layer, shape = [64, 32, 32, 32]): KernelCase => ({
  name,
  prepare: () => {
    const layer = make();
    const x = tf.variable(tf.randomNormal(shape));
    tf.dispose(layer.apply(x) as tf.Tensor);
    const variables = [x, ...layer.trainableWeights.map((weight) => weight.read() as tf.Variable)];
    return () =>
      tf.variableGrads(() => tf.mean(layer.apply(x, { training: true }) as tf.Tensor) as tf.Scalar, variables)
        .grads as tf.NamedTensorMap;
  },
});

const ofLoss = (name: string, loss: (labels: tf.Tensor, logits: tf.Tensor) => tf.Tensor): KernelCase => ({
  name,
  prepare: () => {
    const labels = tf.oneHot(tf.randomUniform([256], 0, 100, 'int32'), 100, 1, 0, 'float32');
    const logits = tf.randomNormal([256, 100]);
    const gradient = tf.grad((x: tf.Tensor) => loss(labels, x));
    return () => gradient(logits);
  },
});

const ofOptimizer = (name: string, make: () => tf.Optimizer): KernelCase => ({
  name: `${name}, 8 variables of 100,000`,
  prepare: () => {
    const optimizer = make();
    const variables = Array.from({ length: 8 }, () => tf.variable(tf.randomNormal([100_000])));
    const gradients = Object.fromEntries(variables.map((each) => [each.name, tf.randomNormal([100_000])]));
    return () => {
      optimizer.applyGradients(gradients);
      return [];
    };
  },
});

const indices = () => tf.randomUniform([64 * 32], 0, 10_000, 'int32') as tf.Tensor1D;

export const kernelCases: readonly KernelCase[] = [
  ofInput('relu', (x) => tf.relu(x)),
  ofInput('relu6', (x) => tf.relu6(x)),
  ofInput('elu', (x) => tf.elu(x)),
  ofInput('leakyRelu', (x) => tf.leakyRelu(x, 0.1)),
  ofInput('selu', (x) => tf.selu(x)),
  ofInput('sigmoid', (x) => tf.sigmoid(x)),
  ofInput('tanh', (x) => tf.tanh(x)),
  ofInput('softplus', (x) => tf.softplus(x)),
  ofLayer('prelu layer', () => tf.layers.prelu({ sharedAxes: [1, 2] })),
  ofInput('maxPool 2×2', (x) => tf.maxPool(x as tf.Tensor4D, 2, 2, 'valid')),
  ofInput('maxPool 3×3, stride 2', (x) => tf.maxPool(x as tf.Tensor4D, 3, 2, 'same')),
  ofInput('avgPool 2×2', (x) => tf.avgPool(x as tf.Tensor4D, 2, 2, 'valid')),
  ofLayer('batchNormalization layer', () => tf.layers.batchNormalization()),
  {
    name: 'batchNormalization layer, inference',
    prepare: () => {
      const layer = tf.layers.batchNormalization();
      const x = image();
      return () => layer.apply(x) as tf.Tensor;
    },
  },
  ofLoss('softmaxCrossEntropy', (labels, logits) => tf.losses.softmaxCrossEntropy(labels, logits)),
  ofLoss('sigmoidCrossEntropy', (labels, logits) => tf.losses.sigmoidCrossEntropy(labels, logits)),
  ofInput('logSoftmax', (x) => tf.logSoftmax(x), [256, 100]),
  ofInput('softmax', (x) => tf.square(tf.softmax(x)), [256, 100]),
  ofLayer('dropout layer', () => tf.layers.dropout({ rate: 0.5 })),
  ofInput('resizeBilinear ×2', (x) => tf.image.resizeBilinear(x as tf.Tensor4D, [64, 64])),
  ofInput('resizeNearestNeighbor ×2', (x) => tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [64, 64])),
  ofLayer('depthwiseConv2d layer', () => tf.layers.depthwiseConv2d({ kernelSize: 3, padding: 'same' })),
  ofLayer('separableConv2d layer', () => tf.layers.separableConv2d({ filters: 32, kernelSize: 3, padding: 'same' })),
  ofLayer('conv2d layer with bias and relu', () =>
    tf.layers.conv2d({ filters: 32, kernelSize: 3, padding: 'same', activation: 'relu' }),
  ),
  ofLayer('dense layer with bias and relu', () => tf.layers.dense({ units: 256, activation: 'relu' }), [64, 784]),
  {
    name: 'gather of 2,048 rows',
    prepare: () => {
      const [table, chosen] = [tf.randomNormal([10_000, 64]), indices()];
      const gradient = tf.grad((x: tf.Tensor) => tf.mean(tf.gather(x, chosen)));
      return () => gradient(table);
    },
  },
  ofInput('mean over pixels', (x) => tf.mean(x, [1, 2])),
  ofOptimizer('sgd', () => tf.train.sgd(0.01)),
  ofOptimizer('momentum', () => tf.train.momentum(0.01, 0.9)),
  ofOptimizer('adam', () => tf.train.adam(0.001)),
];
