import type * as tf from '@tensorflow/tfjs';
import { ModelFormatError } from '../errors.js';
import { layOutModel, type ModelFileOptions, readModelFiles, requireShardBytes, saveResult } from './model-files.js';

/**
 * A model's files in memory, for `model.save`, {@link loadModel}, {@link loadModelWeights} and `tf.loadLayersModel`.
 *
 * @param files by name: `model.json` and what it names; saving replaces them all, and nothing of them when it fails
 * @throws ModelFormatError, when it loads, for malformed or missing files
 * @example
 * const files = new Map<string, Uint8Array>();
 * await model.save(modelInMemory(files));
 * const same = await loadModel(modelInMemory(files));
 */
export function modelInMemory(
  files: Map<string, Uint8Array>,
  options: ModelFileOptions = {},
): Required<tf.io.IOHandler> {
  const shardBytes = requireShardBytes(options.shardBytes);
  const fileOf = (path: string): Uint8Array => {
    const bytes = files.get(path);
    if (bytes !== undefined) return bytes;
    const names = Array.from(files.keys()).slice(0, 5).join(', ') || 'none';
    throw new ModelFormatError('weights/truncated', `expected the file ${path}, got only ${names}; add it`);
  };
  return {
    async save(artifacts) {
      const { json, shards } = layOutModel(artifacts, shardBytes, (i, count) => `weights.${i + 1}-of-${count}.bin`);
      files.clear();
      files.set('model.json', json);
      for (const { path, bytes } of shards) files.set(path, bytes.slice());
      return saveResult();
    },
    load: () =>
      readModelFiles({ size: async (path) => fileOf(path).length, read: async (path) => fileOf(path) }, 'model.json'),
  };
}
