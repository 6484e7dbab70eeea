import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import type { BornAgainRun } from './born-again-run.js';
import { DisposedError, SavedGenerationsError } from './errors.js';
import {
  isModelFolder,
  modelFolder,
  type SavedGenerations,
  type SavedModel,
  savedFormat,
} from './saved-generations.js';

/** What the operating system says no with. */
const isSystemError = (error: unknown): error is NodeJS.ErrnoException =>
  typeof (error as NodeJS.ErrnoException | null)?.syscall === 'string';

/**
 * Writes the models and reports of a run to a folder, from which {@link loadGenerations} reads them.
 *
 * Each model becomes `generation-K-…/model.json` and `weights.bin`, the form of TensorFlow.js; `generations.json` has seeds,
 * modes, reports and checksums. It is renamed into place last: until then the folder holds what it held before, so a
 * stopped save leaves nothing half-written. Generations saved there before are replaced.
 *
 * @param folder is made where it does not exist
 * @throws DisposedError for a disposed run; SavedGenerationsError when the folder holds something else or cannot be written
 */
export async function saveGenerations(run: BornAgainRun, folder: string): Promise<void> {
  if (run.disposed) throw new DisposedError('saveGenerations: the run was disposed; save it before');
  try {
    await mkdir(folder, { recursive: true });
    await requireOwnFolder(folder);
    const models: SavedModel[] = [];
    for (const { generation, model } of run.models) models.push(await saveModel(model, generation, folder));
    const index: SavedGenerations = { format: savedFormat, aborted: run.aborted, history: run.history, models };
    await writeWhole(join(folder, 'generations.json'), `${JSON.stringify(index, null, 2)}\n`);
    await sweep(folder, new Set(models.map((model) => model.folder)));
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new SavedGenerationsError(
      `cannot save generations in ${folder}: ${error.message}; give a folder that can be written`,
      { cause: error },
    );
  }
}

async function requireOwnFolder(folder: string): Promise<void> {
  const names = await readdir(folder);
  const foreign = names.find((name) => name !== 'generations.json' && !isModelFolder(name) && !isTemporary(name));
  if (foreign !== undefined) {
    throw new SavedGenerationsError(
      `${folder} holds ${foreign}, which is no saved generation: expected a new or empty folder, or one that saveGenerations wrote`,
    );
  }
}

async function saveModel(model: tf.LayersModel, generation: number, folder: string): Promise<SavedModel> {
  const { modelJson, weights } = await artifactsOf(model);
  const weightsSha256 = createHash('sha256').update(weights).digest('hex');
  const name = modelFolder(generation, createHash('sha256').update(weights).update(modelJson).digest('hex'));
  const saved = { generation, folder: name, weightsSha256 };
  // An index may name it already, so it is not touched unless it is broken.
  if (await holds(join(folder, name), modelJson, weights)) return saved;
  const temporary = join(folder, temporaryName(name));
  await mkdir(temporary);
  await writeFile(join(temporary, 'weights.bin'), weights);
  await writeFile(join(temporary, 'model.json'), modelJson);
  await rm(join(folder, name), { recursive: true, force: true });
  await rename(temporary, join(folder, name));
  return saved;
}

async function holds(folder: string, modelJson: string, weights: Uint8Array): Promise<boolean> {
  try {
    const same = (await readFile(join(folder, 'model.json'), 'utf8')) === modelJson;
    return same && Buffer.compare(await readFile(join(folder, 'weights.bin')), weights) === 0;
  } catch {
    return false;
  }
}

async function artifactsOf(model: tf.LayersModel): Promise<{ modelJson: string; weights: Uint8Array }> {
  let artifacts: tf.io.ModelArtifacts | null = null;
  await model.save(
    tf.io.withSaveHandler(async (given) => {
      artifacts = given;
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
    }),
  );
  const { modelTopology, weightSpecs, weightData, format, generatedBy, convertedBy } =
    artifacts! as tf.io.ModelArtifacts;
  const weightsManifest = [{ paths: ['weights.bin'], weights: weightSpecs }];
  const modelJson = JSON.stringify({ format, generatedBy, convertedBy, modelTopology, weightsManifest });
  return { modelJson, weights: new Uint8Array(tf.io.CompositeArrayBuffer.join(weightData)) };
}

const temporaryName = (name: string) => `.${name}.${randomUUID()}.tmp`;
const isTemporary = (name: string) => /^\..*\.tmp$/.test(name);

async function writeWhole(path: string, text: string): Promise<void> {
  const temporary = join(path, '..', temporaryName('generations.json'));
  await writeFile(temporary, text);
  await rename(temporary, path);
}

/** Removes what earlier saves left: models that the index no longer names, and files of stopped saves. */
async function sweep(folder: string, named: ReadonlySet<string>): Promise<void> {
  const names = await readdir(folder);
  const stale = names.filter((name) => isTemporary(name) || (isModelFolder(name) && !named.has(name)));
  for (const name of stale) await rm(join(folder, name), { recursive: true, force: true });
}
