import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type * as tf from '@tensorflow/tfjs';
import {
  layOutModel,
  type ModelFileOptions,
  type ModelFileReader,
  readModelFiles,
  requireShardBytes,
  saveResult,
} from '../model-json/model-files.js';
import { parseModelJson } from '../model-json/parse-model-json.js';
import { writeAtomically } from './atomic-file.js';
import { openFileSource } from './file-source.js';

async function withFile<T>(
  path: string,
  use: (file: Awaited<ReturnType<typeof openFileSource>>) => Promise<T>,
): Promise<T> {
  const file = await openFileSource(path);
  try {
    return await use(file);
  } finally {
    await file.close();
  }
}

function folderReader(folder: string): ModelFileReader {
  return {
    size: (path) => withFile(join(folder, path), async ({ size }) => size),
    read: (path, size) => withFile(join(folder, path), (file) => file.read(0, size)),
  };
}

/** Weight files that the model.json at a path names and that this module wrote. */
async function ownWeightFiles(folder: string, name: string): Promise<string[]> {
  try {
    const reader = folderReader(folder);
    const { manifest } = parseModelJson(await reader.read(name, await reader.size(name)));
    const paths = manifest.flatMap((group) => group.paths);
    return paths.filter((path) => path.startsWith(`${stem(name)}.weights-`) && ownPattern.test(path));
  } catch {
    return [];
  }
}

const stem = (name: string): string => name.replace(/\.json$/, '');
const ownPattern = /\.weights-[0-9a-f]{16}\.\d+-of-\d+\.bin$/;

/**
 * A model's files on disk, for `model.save`, `tf.loadLayersModel`, and `loadModel` and `loadModelWeights` of
 * `@tensor-papers/tensor-core/weights`, without the file handler of tfjs-node.
 *
 * Saving is all or nothing: weight files have names that follow from their contents, model.json is renamed into place last and
 * the weight files of the model that was there are removed after it.
 *
 * @param path of the model.json, in a folder that exists
 * @throws WeightsFileError, when it saves or loads, for files that cannot be written or read; ModelFormatError for malformed
 * ones
 * @example
 * await model.save(modelFile('classifier/model.json'));
 * const same = await loadModel(modelFile('classifier/model.json'));
 */
export function modelFile(path: string, options: ModelFileOptions = {}): Required<tf.io.IOHandler> {
  const shardBytes = requireShardBytes(options.shardBytes);
  const folder = dirname(path);
  const name = basename(path);
  return {
    async save(artifacts) {
      let hash: string | undefined;
      const { json, shards } = layOutModel(artifacts, shardBytes, (i, count, weights) => {
        hash ??= createHash('sha256').update(weights).digest('hex').slice(0, 16);
        return `${stem(name)}.weights-${hash}.${i + 1}-of-${count}.bin`;
      });
      const before = await ownWeightFiles(folder, name);
      try {
        for (const shard of shards) await writeAtomically(join(folder, shard.path), [shard.bytes]);
        await writeAtomically(path, [json]);
      } catch (error) {
        const fresh = shards.filter((shard) => !before.includes(shard.path));
        for (const shard of fresh) await rm(join(folder, shard.path), { force: true }).catch(() => undefined);
        throw error;
      }
      const stale = before.filter((old) => !shards.some((shard) => shard.path === old));
      for (const old of stale) await rm(join(folder, old), { force: true });
      return saveResult();
    },
    load: () => readModelFiles(folderReader(folder), name),
  };
}
