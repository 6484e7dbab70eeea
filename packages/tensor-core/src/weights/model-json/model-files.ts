import * as tf from '@tensorflow/tfjs';
import { ModelFormatError } from '../errors.js';
import { maximumJsonBytes, parseModelJson } from './parse-model-json.js';
import { parseWeightSpec, requireTotal } from './weight-specs.js';

/** Files of a saved model, by path relative to its model.json. */
export interface ModelFileReader {
  /** Bytes of a file. */
  size(path: string): Promise<number>;
  /** The whole file; `size` is what was said before. */
  read(path: string, size: number): Promise<Uint8Array>;
}

/** A model as files: model.json's text, and the weight files by name. */
export interface ModelFileSet {
  readonly json: Uint8Array;
  /** In order; each is the concatenation of its parts. */
  readonly shards: readonly { readonly path: string; readonly bytes: Uint8Array }[];
}

/** Options of writing a model. */
export interface ModelFileOptions {
  /** Most bytes of a weight file. Default: 4 MiB, which browsers cache. */
  readonly shardBytes?: number;
}

const defaultShardBytes = 4 * 1024 * 1024;

/** Throws unless the size makes sense. */
export function requireShardBytes(shardBytes: number = defaultShardBytes): number {
  if (!Number.isSafeInteger(shardBytes) || shardBytes < 1) {
    throw new ModelFormatError(
      'weights/bad-manifest',
      `shardBytes: expected an integer of at least 1, got ${shardBytes}`,
    );
  }
  return shardBytes;
}

/** Reads the files of a model as what `tf.loadLayersModel` takes. @throws ModelFormatError, and what `files` throws */
export async function readModelFiles(files: ModelFileReader, jsonPath: string): Promise<tf.io.ModelArtifacts> {
  const jsonSize = await files.size(jsonPath);
  if (jsonSize > maximumJsonBytes) {
    throw new ModelFormatError(
      'weights/too-long',
      `${jsonPath}: expected at most ${maximumJsonBytes} bytes of JSON, got ${jsonSize}`,
    );
  }
  const { artifacts, manifest } = parseModelJson(await files.read(jsonPath, jsonSize));
  const weightData: ArrayBuffer[] = [];
  for (const { paths, weights } of manifest) {
    const sizes: number[] = [];
    for (const path of paths) sizes.push(await files.size(path));
    requireTotal(
      weights,
      sizes.reduce((sum, size) => sum + size, 0),
      paths.join(', '),
    );
    for (const [i, path] of paths.entries()) {
      const bytes = await files.read(path, sizes[i]!);
      if (bytes.length !== sizes[i]) {
        throw new ModelFormatError(
          'weights/truncated',
          `${path}: expected ${sizes[i]} bytes, got ${bytes.length}; the file changed while it was read`,
        );
      }
      weightData.push(bytes.slice().buffer);
    }
  }
  if (manifest.length === 0) return artifacts;
  const weightSpecs = manifest.flatMap(({ weights }) =>
    weights.map(({ bytes: _, shape, ...spec }) => ({ ...spec, shape: [...shape] })),
  );
  return { ...artifacts, weightSpecs, weightData };
}

/**
 * Lays out what `tf.LayersModel.save` gives as files.
 *
 * @param pathOf name of weight file `index` of `count`
 * @throws ModelFormatError when it is no layers model, or its weights are not what its specs say
 */
export function layOutModel(
  { weightSpecs = [], weightData = [], ...artifacts }: tf.io.ModelArtifacts,
  shardBytes: number,
  pathOf: (index: number, count: number, weights: Uint8Array) => string,
): ModelFileSet {
  if (artifacts.modelTopology instanceof ArrayBuffer) {
    throw new ModelFormatError('weights/bad-topology', 'expected a layers model, got a graph model in binary form');
  }
  const specs = (weightSpecs as unknown[]).map(parseWeightSpec);
  const weights = new Uint8Array(tf.io.CompositeArrayBuffer.join(weightData));
  requireTotal(specs, weights.length, 'the weights');
  const count = Math.ceil(weights.length / shardBytes);
  const shards = Array.from({ length: count }, (_, i) => ({
    path: pathOf(i, count, weights),
    bytes: weights.subarray(i * shardBytes, (i + 1) * shardBytes),
  }));
  const { getWeightStream: _, ...plain } = artifacts;
  const weightsManifest = [{ paths: shards.map(({ path }) => path), weights: weightSpecs }];
  return { json: new TextEncoder().encode(JSON.stringify({ ...plain, weightsManifest })), shards };
}

/** What a save handler has to return. */
export const saveResult = (): tf.io.SaveResult => ({
  modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' },
});
