import type * as tf from '@tensorflow/tfjs';
import { describeValue } from '../describe-value.js';
import { ModelFormatError } from '../errors.js';
import { type SetWeightsOptions, type SetWeightsReport, setWeights, type WeightedModel } from '../named-weights.js';
import { buildModel } from './build-model.js';
import { requireGraph } from './require-graph.js';
import { weightsOfArtifacts } from './weight-specs.js';

async function artifactsOf(handler: tf.io.IOHandler): Promise<tf.io.ModelArtifacts> {
  if (typeof handler?.load !== 'function') {
    throw new ModelFormatError(
      'weights/bad-manifest',
      'expected a tf.io.IOHandler with load(), such as modelFile(path) or tf.io.http(url)',
    );
  }
  return handler.load();
}

/**
 * Loads a model that TensorFlow.js saved, without trusting it.
 *
 * What `tf.loadLayersModel` does, except that a malformed file can neither hang it nor make it allocate more values than the
 * weights have, and that a compiled model comes back uncompiled. Layers of your own have to be registered.
 *
 * @param from where the model lies: `modelFile(path)` of `/weights/node`, `modelInMemory(files)`, `tf.io.http(url)`, …
 * @returns the model; you dispose it
 * @throws ModelFormatError when topology or weights are malformed; WeightNamesError when they do not fit each other; what
 * `from` throws
 * @example
 * const model = await loadModel(modelFile('classifier/model.json'));
 */
export async function loadModel(from: tf.io.IOHandler): Promise<tf.LayersModel> {
  const artifacts = await artifactsOf(from);
  const { modelTopology, userDefinedMetadata } = artifacts;
  if (typeof modelTopology !== 'object' || modelTopology === null || modelTopology instanceof ArrayBuffer) {
    throw new ModelFormatError(
      'weights/bad-topology',
      `expected the topology of a layers model, got ${describeValue(modelTopology)}; load a graph model with tf.loadGraphModel`,
    );
  }
  requireGraph(modelTopology);
  const weights = weightsOfArtifacts(artifacts);
  let values = 0;
  for (const { data } of weights.values()) values += data.length;
  const { model, discard } = await buildModel(modelTopology, values);
  try {
    setWeights(model, weights);
    if (userDefinedMetadata !== undefined) setMetadata(model, userDefinedMetadata);
  } catch (error) {
    discard();
    throw error;
  }
  return model;
}

function setMetadata(model: tf.LayersModel, metadata: object): void {
  try {
    model.setUserDefinedMetadata(metadata);
  } catch (error) {
    throw new ModelFormatError('weights/model-not-json', `userDefinedMetadata: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/**
 * Sets the weights of a model from a saved one, by name; its topology is not looked at.
 *
 * @param options as {@link setWeights} takes them
 * @returns what was left out, when not `strict`
 * @throws ModelFormatError when the file is malformed; WeightNamesError when names or shapes do not fit; after an error the
 * model is as it was
 * @example
 * await loadModelWeights(model, modelFile('classifier/model.json'));
 */
export async function loadModelWeights(
  model: WeightedModel,
  from: tf.io.IOHandler,
  options: SetWeightsOptions = {},
): Promise<SetWeightsReport> {
  return setWeights(model, weightsOfArtifacts(await artifactsOf(from)), options);
}
