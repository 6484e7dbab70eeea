import type * as tf from '@tensorflow/tfjs';
import { describeValue } from '../describe-value.js';
import { ModelFormatError } from '../errors.js';
import { unsafeKey } from '../unsafe-key.js';
import { requireGraph } from './require-graph.js';
import { parseWeightSpec, type WeightSpec } from './weight-specs.js';

/** Weights that lie one after the other in the files of some paths. */
export interface ManifestGroup {
  readonly paths: readonly string[];
  readonly weights: readonly WeightSpec[];
}

/** A checked model.json. */
export interface ModelJson {
  /** Everything but the weights, as `tf.io` has it. */
  readonly artifacts: tf.io.ModelArtifacts;
  readonly manifest: readonly ManifestGroup[];
}

/** The largest model.json that is read, in bytes. */
export const maximumJsonBytes = 100_000_000;

function parseText(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  let text: string;
  let value: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    value = JSON.parse(text);
  } catch (error) {
    throw new ModelFormatError(
      'weights/model-not-json',
      `expected a model.json (${(error as Error).message}); name the JSON file of a saved TensorFlow.js model`,
      { cause: error },
    );
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ModelFormatError(
      'weights/model-not-json',
      `expected model.json to hold an object, got ${describeValue(value)}`,
    );
  }
  const unsafe = unsafeKey(text);
  if (unsafe !== undefined) {
    throw new ModelFormatError(
      unsafe.key === '__proto__' ? 'weights/forbidden-name' : 'weights/duplicate-name',
      `model.json may not have the key ${describeValue(unsafe.key)}: ${unsafe.because}; save the model again`,
    );
  }
  return value as Record<string, unknown>;
}

/** A path of a manifest inside the model's folder, with slashes. */
function requirePath(path: unknown): string {
  const parts = typeof path === 'string' ? path.split('/').filter((part) => part !== '.') : [];
  const inside = parts.length > 0 && parts.every((part) => part !== '' && part !== '..' && !/[\\:\0]/.test(part));
  if (!inside) {
    throw new ModelFormatError(
      'weights/bad-path',
      `expected the path of a file in the folder of model.json, got ${describeValue(path)}`,
    );
  }
  return parts.join('/');
}

function parseGroup(group: unknown): ManifestGroup {
  const { paths, weights } = (group ?? {}) as Record<string, unknown>;
  if (!Array.isArray(paths) || !Array.isArray(weights)) {
    throw new ModelFormatError(
      'weights/bad-manifest',
      `expected weightsManifest to be a list of { paths, weights }, got ${describeValue(group)}`,
    );
  }
  return { paths: paths.map(requirePath), weights: weights.map(parseWeightSpec) };
}

/**
 * Reads a model.json and checks manifest and topology, before anything is allocated for weights.
 *
 * @throws ModelFormatError
 */
export function parseModelJson(bytes: Uint8Array): ModelJson {
  const { weightsManifest, ...rest } = parseText(bytes);
  if (weightsManifest !== undefined && !Array.isArray(weightsManifest)) {
    throw new ModelFormatError(
      'weights/bad-manifest',
      `expected weightsManifest to be a list of { paths, weights }, got ${describeValue(weightsManifest)}`,
    );
  }
  if (rest.modelTopology === undefined && weightsManifest === undefined) {
    throw new ModelFormatError(
      'weights/model-not-json',
      `expected modelTopology or weightsManifest in model.json, got ${describeValue(rest)}`,
    );
  }
  if (rest.modelTopology !== undefined) requireGraph(rest.modelTopology);
  const manifest = (weightsManifest ?? []).map(parseGroup);
  const paths = manifest.flatMap((group) => group.paths);
  const twice = paths.find((path, i) => paths.indexOf(path) !== i);
  if (twice !== undefined) {
    throw new ModelFormatError('weights/bad-manifest', `weightsManifest names ${describeValue(twice)} twice`);
  }
  return { artifacts: rest as tf.io.ModelArtifacts, manifest };
}
