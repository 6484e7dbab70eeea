import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { InstallError } from './install-error.mjs';

const bad = (message, cause) => new InstallError('engine/bad-model', `engine: ${message}`, { cause });

/** Reads a file that has to be there. */
function read(path, what, encoding) {
  try {
    return readFileSync(path, encoding);
  } catch (error) {
    throw bad(`${what} cannot be read: ${error.message}`, error);
  }
}

/** An io handler of TensorFlow.js for a model.json and the weight files beside it; tfjs-node's own is there on one backend only. */
export function fileHandler(path) {
  return {
    async load() {
      const text = read(path, path, 'utf8');
      let json;
      try {
        json = JSON.parse(text);
      } catch (error) {
        throw bad(`${path} is no JSON: ${error.message}`, error);
      }
      if (json?.format === 'graph-model')
        throw bad(`${path} is a graph model, which cannot be trained; expected a layers model`);
      if (!json?.modelTopology)
        throw bad(`${path} is no model: expected 'modelTopology' in it, as model.save() writes it`);
      const groups = json.weightsManifest ?? [];
      const files = groups.flatMap(({ paths }) => paths);
      const data = Buffer.concat(files.map((file) => read(join(dirname(path), file), `weights of ${path}`)));
      return {
        modelTopology: json.modelTopology,
        trainingConfig: json.trainingConfig,
        weightSpecs: groups.flatMap(({ weights }) => weights),
        weightData: new Uint8Array(data).buffer,
      };
    },
  };
}

/** `[null, null, 3]` with `inputShape` [32, 3] and a batch of 8 → [8, 32, 3]. */
export function batchShape(shape, batch, inputShape) {
  const rest = inputShape ?? shape.slice(1);
  if (rest.length !== shape.length - 1 || rest.some((size, i) => !(size >= 1) || (shape[i + 1] ?? size) !== size)) {
    throw bad(
      `the model takes [${shape.map((size) => size ?? 'any').join(', ')}], but the input's shape is [${rest.map((size) => size ?? 'any').join(', ')}]; give the sizes in a module that exports model and inputShape`,
    );
  }
  return [batch, ...rest];
}

/** Random values for an input: whole numbers where an embedding reads it. */
function randomInput(model, input, shape) {
  const embedding = model.layers.find(
    (layer) =>
      layer.getClassName() === 'Embedding' &&
      layer.inboundNodes.some(({ inputTensors }) => inputTensors.includes(input)),
  );
  return embedding
    ? tf.randomUniform(shape, 0, embedding.inputDim, 'int32', 1)
    : tf.randomNormal(shape, 0, 1, 'float32', 1);
}

const isSoftmax = ({ sourceLayer }) =>
  sourceLayer?.getClassName() === 'Softmax' || sourceLayer?.getConfig().activation === 'softmax';

/** Cross-entropy where the output is a softmax, else the squared error. */
export const lossesOf = (model) =>
  model.outputs.map((output) => (isSoftmax(output) ? 'categoricalCrossentropy' : 'meanSquaredError'));

/** Targets of an output: one class a row where it is a softmax. */
function randomTarget(output, shape) {
  if (!isSoftmax(output)) return tf.randomNormal(shape, 0, 1, 'float32', 2);
  const classes = shape.at(-1);
  return tf.tidy(() =>
    tf.oneHot(tf.randomUniform(shape.slice(0, -1), 0, classes, 'int32', 2), classes, 1, 0, 'float32'),
  );
}

/** A training step of a layers model on random data; a model that is not compiled gets Adam and a loss by output. */
export function trainingStep(model, { batch, inputShape, loss }) {
  const inputs = model.inputs.map((input) => randomInput(model, input, batchShape(input.shape, batch, inputShape)));
  const predicted = [model.predict(inputs)].flat();
  const targets = model.outputs.map((output, i) => randomTarget(output, predicted[i].shape));
  tf.dispose(predicted);
  if (loss !== undefined || !model.optimizer) model.compile({ optimizer: 'adam', loss: loss ?? lossesOf(model) });
  return async () => {
    tf.dispose(await model.trainOnBatch(inputs, targets));
  };
}

/** The module with what it exports; a CommonJS one has it under `default`. */
async function loadModule(path) {
  try {
    const module = await import(pathToFileURL(path).href);
    return module.step || module.model ? module : { ...module.default };
  } catch (error) {
    const isTypeScript = /\.[cm]?ts$/.test(path) && error.code === 'ERR_UNKNOWN_FILE_EXTENSION';
    const advice = isTypeScript ? '; use Node ≥ 22.18, or set NODE_OPTIONS="--import tsx"' : '';
    throw bad(`${path} cannot be loaded: ${error.message.split('\n')[0]}${advice}`, error);
  }
}

/**
 * The step that MODEL means: of the model in a model.json, or of what a module exports.
 * @throws InstallError engine/bad-model
 */
export async function stepOf(model, { batch, from = process.cwd() }) {
  const path = resolve(from, model);
  if (path.endsWith('.json')) {
    let loaded;
    try {
      loaded = await tf.loadLayersModel(fileHandler(path));
    } catch (error) {
      if (error instanceof InstallError) throw error;
      throw bad(`${path} cannot be loaded: ${error.message}; own layers go into a module that exports model`, error);
    }
    return trainingStep(loaded, { batch });
  }
  const exported = await loadModule(path);
  if (typeof exported.step === 'function') return exported.step;
  const made = await exported.model;
  // The application may have a copy of TensorFlow.js of its own.
  if (typeof made?.trainOnBatch !== 'function') {
    throw bad(`${path}: expected an export 'step', a function, or 'model', a tf.LayersModel`);
  }
  return trainingStep(made, { batch, inputShape: exported.inputShape, loss: exported.loss });
}
