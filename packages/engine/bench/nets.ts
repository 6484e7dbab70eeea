import * as tf from '@tensorflow/tfjs';

/** A network of the speed comparison, in plain TensorFlow.js, as its PyTorch twin in `peers/` builds it. */
export interface BenchNet {
  readonly inputShape: readonly number[];
  build(): tf.LayersModel;
  optimizer(): tf.Optimizer;
}

type Symbolic = tf.SymbolicTensor;

const convolution = (x: Symbolic, filters: number, kernelSize = 3, strides = 1): Symbolic => {
  // PyTorch pads one pixel on every side at stride 2 as well; `same` would pad at the end only.
  const padded = kernelSize === 3 && strides > 1 ? (tf.layers.zeroPadding2d().apply(x) as Symbolic) : x;
  const padding = kernelSize === 3 && strides === 1 ? 'same' : 'valid';
  return tf.layers.conv2d({ filters, kernelSize, strides, padding, useBias: false }).apply(padded) as Symbolic;
};

const norm = (x: Symbolic) => tf.layers.batchNormalization({ momentum: 0.9, epsilon: 1e-5 }).apply(x) as Symbolic;
const relu = (x: Symbolic) => tf.layers.reLU().apply(x) as Symbolic;
const add = (a: Symbolic, b: Symbolic) => tf.layers.add().apply([a, b]) as Symbolic;

function classify(x: Symbolic): Symbolic {
  const pooled = tf.layers.globalAveragePooling2d({}).apply(x);
  return tf.layers.dense({ units: 10 }).apply(pooled) as Symbolic;
}

function preActivation(x: Symbolic, filters: number, strides: number): Symbolic {
  const y = relu(norm(x));
  const z = convolution(relu(norm(convolution(y, filters, 3, strides))), filters);
  const projects = strides !== 1 || x.shape.at(-1) !== filters;
  return add(z, projects ? convolution(y, filters, 1, strides) : x);
}

function basic(x: Symbolic, filters: number, strides: number): Symbolic {
  const y = norm(convolution(relu(norm(convolution(x, filters, 3, strides))), filters));
  const projects = strides !== 1 || x.shape.at(-1) !== filters;
  return relu(add(y, projects ? norm(convolution(x, filters, 1, strides)) : x));
}

type Block = (x: Symbolic, filters: number, strides: number) => Symbolic;

function stages(block: Block, x: Symbolic, plan: readonly (readonly [filters: number, strides: number])[]): Symbolic {
  return plan.reduce((y, [filters, strides]) => block(block(y, filters, strides), filters, 1), x);
}

const model = (inputs: Symbolic, outputs: Symbolic) => tf.model({ inputs, outputs });
const nesterov = () => tf.train.momentum(0.1, 0.9, true);

export const nets: Readonly<Record<string, BenchNet>> = {
  'cnn-b64': {
    inputShape: [32, 32, 3],
    optimizer: () => tf.train.adam(1e-3),
    build: () => {
      const conv = (filters: number, first?: { inputShape: number[] }) =>
        tf.layers.conv2d({ filters, kernelSize: 3, padding: 'same', activation: 'relu', ...first });
      return tf.sequential({
        layers: [
          conv(32, { inputShape: [32, 32, 3] }),
          tf.layers.maxPooling2d({ poolSize: 2 }),
          conv(64),
          tf.layers.maxPooling2d({ poolSize: 2 }),
          conv(128),
          tf.layers.flatten(),
          tf.layers.dense({ units: 10 }),
        ],
      });
    },
  },
  'wrn-16-1-b64': {
    inputShape: [32, 32, 3],
    optimizer: nesterov,
    build: () => {
      const input = tf.input({ shape: [32, 32, 3] });
      const x = stages(preActivation, convolution(input, 16), [
        [16, 1],
        [32, 2],
        [64, 2],
      ]);
      return model(input, classify(relu(norm(x))));
    },
  },
  'resnet18-b64-64px': {
    inputShape: [64, 64, 3],
    optimizer: nesterov,
    build: () => {
      const input = tf.input({ shape: [64, 64, 3] });
      const stem = relu(norm(convolution(input, 64)));
      const x = stages(basic, tf.layers.maxPooling2d({ poolSize: 2 }).apply(stem) as Symbolic, [
        [64, 1],
        [128, 2],
        [256, 2],
        [512, 2],
      ]);
      return model(input, classify(x));
    },
  },
  'mlp-b64': {
    inputShape: [784],
    optimizer: () => tf.train.adam(1e-3),
    build: () =>
      tf.sequential({
        layers: [
          tf.layers.dense({ units: 256, activation: 'relu', inputShape: [784] }),
          tf.layers.dense({ units: 128, activation: 'relu' }),
          tf.layers.dense({ units: 10 }),
        ],
      }),
  },
};
