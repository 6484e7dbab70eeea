import * as tf from '@tensorflow/tfjs';

/** Arguments of a case, as the fixture names them: those of the function of TensorFlow.js. */
// biome-ignore lint/suspicious/noExplicitAny: every operation has arguments of its own.
export type Arguments = Readonly<Record<string, any>>;

/** An operation of a conformance case: tensors and arguments in, one tensor out. */
export type Operation = (inputs: readonly tf.Tensor[], args: Arguments) => tf.Tensor;

type T1 = tf.Tensor1D;
type T4 = tf.Tensor4D;

const unary = (op: (x: tf.Tensor) => tf.Tensor): Operation => {
  return ([x]) => op(x!);
};

const binary = (op: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): Operation => {
  return ([a, b]) => op(a!, b!);
};

const reduction = (op: (x: tf.Tensor, axis?: number | number[], keepDims?: boolean) => tf.Tensor): Operation => {
  return ([x], { axis, keepDims }) => op(x!, axis, keepDims);
};

/** One training step's forward pass of the layer, with the given offset and scale. */
function batchNormalizationLayer([x, offset, scale]: readonly tf.Tensor[], { epsilon }: Arguments): tf.Tensor {
  const layer = tf.layers.batchNormalization({ epsilon }) as unknown as {
    build(shape: number[]): void;
    gamma: { read(): tf.Tensor };
    beta: { read(): tf.Tensor };
    apply(x: tf.Tensor, options: object): tf.Tensor;
  };
  layer.build(x!.shape);
  layer.gamma = { read: () => scale! };
  layer.beta = { read: () => offset! };
  return layer.apply(x!, { training: true });
}

/** The first derivative of an operation, whose own gradient is the second one. */
const derivative: Operation = ([x], { of }) => tf.grad((each: tf.Tensor) => operations[of as string]!([each], {}))(x!);

/** By the name that the fixture uses. */
export const operations: Readonly<Record<string, Operation>> = {
  abs: unary(tf.abs),
  exp: unary(tf.exp),
  expm1: unary(tf.expm1),
  log: unary(tf.log),
  log1p: unary(tf.log1p),
  sqrt: unary(tf.sqrt),
  rsqrt: unary(tf.rsqrt),
  square: unary(tf.square),
  reciprocal: unary(tf.reciprocal),
  neg: unary(tf.neg),
  sin: unary(tf.sin),
  cos: unary(tf.cos),
  tan: unary(tf.tan),
  asin: unary(tf.asin),
  acos: unary(tf.acos),
  atan: unary(tf.atan),
  sinh: unary(tf.sinh),
  cosh: unary(tf.cosh),
  tanh: unary(tf.tanh),
  sigmoid: unary(tf.sigmoid),
  softplus: unary(tf.softplus),
  logSigmoid: unary(tf.logSigmoid),
  erf: unary(tf.erf),
  relu: unary(tf.relu),
  relu6: unary(tf.relu6),
  elu: unary(tf.elu),
  selu: unary(tf.selu),
  sign: unary(tf.sign),
  floor: unary(tf.floor),
  ceil: unary(tf.ceil),
  round: unary(tf.round),
  step: unary((x) => tf.step(x)),
  leakyRelu: ([x], { alpha }) => tf.leakyRelu(x!, alpha),
  prelu: binary(tf.prelu),
  clipByValue: ([x], { min, max }) => tf.clipByValue(x!, min, max),
  add: binary(tf.add),
  sub: binary(tf.sub),
  mul: binary(tf.mul),
  div: binary(tf.div),
  maximum: binary(tf.maximum),
  minimum: binary(tf.minimum),
  squaredDifference: binary(tf.squaredDifference),
  pow: binary(tf.pow),
  atan2: binary(tf.atan2),
  floorDiv: binary(tf.floorDiv),
  mod: binary(tf.mod),
  where: ([condition, a, b]) => tf.where(condition!, a!, b!),
  sum: reduction(tf.sum),
  mean: reduction(tf.mean),
  prod: reduction(tf.prod),
  max: reduction(tf.max),
  min: reduction(tf.min),
  logSumExp: reduction(tf.logSumExp),
  norm: ([x], { axis }) => tf.norm(x!, 'euclidean', axis),
  cumsum: ([x], { axis }) => tf.cumsum(x!, axis),
  argMax: ([x], { axis }) => tf.argMax(x!, axis),
  topk: ([x], { k }) => tf.topk(x!, k).values,
  softmax: unary((x) => tf.softmax(x)),
  logSoftmax: unary((x) => tf.logSoftmax(x)),
  matMul: ([a, b], { transposeA = false, transposeB = false }) => tf.matMul(a!, b!, transposeA, transposeB),
  einsum: (inputs, { equation }) => tf.einsum(equation, ...inputs),
  conv2d: ([x, f], { strides, pad, dilations }) => tf.conv2d(x as T4, f as T4, strides, pad, 'NHWC', dilations),
  depthwiseConv2d: ([x, f], { strides, pad, dilations }) =>
    tf.depthwiseConv2d(x as T4, f as T4, strides, pad, 'NHWC', dilations),
  separableConv2d: ([x, d, p], { strides, pad }) => tf.separableConv2d(x as T4, d as T4, p as T4, strides, pad),
  conv2dTranspose: ([x, f], { outputShape, strides, pad }) =>
    tf.conv2dTranspose(x as T4, f as T4, outputShape, strides, pad),
  maxPool: ([x], { filterSize, strides, pad }) => tf.maxPool(x as T4, filterSize, strides, pad),
  avgPool: ([x], { filterSize, strides, pad }) => tf.avgPool(x as T4, filterSize, strides, pad),
  batchNorm: ([x, m, v, o, s], { epsilon }) => tf.batchNorm(x!, m as T1, v as T1, o as T1, s as T1, epsilon),
  batchNormalizationLayer,
  softmaxCrossEntropy: ([z, p]) => tf.losses.softmaxCrossEntropy(p!, z!),
  sigmoidCrossEntropy: ([z, p]) => tf.losses.sigmoidCrossEntropy(p!, z!),
  localResponseNormalization: ([x], { depthRadius, bias, alpha, beta }) =>
    tf.localResponseNormalization(x as T4, depthRadius, bias, alpha, beta),
  reshape: ([x], { shape }) => tf.reshape(x!, shape),
  transpose: ([x], { perm }) => tf.transpose(x!, perm),
  concat: (inputs, { axis }) => tf.concat([...inputs], axis),
  stack: (inputs, { axis }) => tf.stack([...inputs], axis),
  slice: ([x], { begin, size }) => tf.slice(x!, begin, size),
  stridedSlice: ([x], { begin, end, strides }) => tf.stridedSlice(x!, begin, end, strides),
  pad: ([x], { paddings, constantValue }) => tf.pad(x!, paddings, constantValue),
  mirrorPad: ([x], { paddings, mode }) => tf.mirrorPad(x!, paddings, mode),
  tile: ([x], { reps }) => tf.tile(x!, reps),
  reverse: ([x], { axis }) => tf.reverse(x!, axis),
  split: ([x], { count, axis }) =>
    tf.concat(
      tf.split(x!, count, axis).map((part, k) => tf.mul(part, k + 1)),
      axis,
    ),
  gather: ([x, indices], { axis }) => tf.gather(x!, indices as T1, axis),
  gatherND: ([x, indices]) => tf.gatherND(x!, indices!),
  scatterND: ([indices, updates], { shape }) => tf.scatterND(indices!, updates!, shape),
  unsortedSegmentSum: ([x, ids], { numSegments }) => tf.unsortedSegmentSum(x!, ids as T1, numSegments),
  oneHot: ([indices], { depth, onValue, offValue, dtype }) => tf.oneHot(indices!, depth, onValue, offValue, dtype),
  cast: ([x], { dtype }) => tf.cast(x!, dtype),
  derivative,
  resizeBilinear: ([x], { size, alignCorners, halfPixelCenters }) =>
    tf.image.resizeBilinear(x as T4, size, alignCorners, halfPixelCenters),
  resizeNearestNeighbor: ([x], { size, alignCorners, halfPixelCenters }) =>
    tf.image.resizeNearestNeighbor(x as T4, size, alignCorners, halfPixelCenters),
};
