import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { BornAgainRun } from './born-again-run.js';
import { SavedGenerationsError } from './errors.js';
import { parseSavedGenerations, type SavedModel } from './saved-generations.js';

/**
 * Reads back what {@link saveGenerations} wrote: the same reports, models with the same weights to the bit.
 *
 * Models with layers of your own need these registered (`tf.serialization.registerClass`) before.
 *
 * @returns the run; the caller disposes it
 * @throws SavedGenerationsError for a folder without saved generations, a file that is missing, cut off or changed, or a model
 *   that TensorFlow.js cannot make. Nothing leaks then.
 */
export async function loadGenerations(folder: string): Promise<BornAgainRun> {
  const path = join(folder, 'generations.json');
  const { models, history, aborted } = parseSavedGenerations(await read(path, 'utf8'), path);
  const loaded = new Map<number, tf.LayersModel>();
  try {
    for (const saved of [...models].sort((a, b) => a.generation - b.generation)) {
      loaded.set(saved.generation, await loadModel(folder, saved));
    }
  } catch (error) {
    for (const model of loaded.values()) model.dispose();
    throw error;
  }
  const students = [...loaded].filter(([generation]) => generation > 0).map(([, model]) => model);
  const run = new BornAgainRun({ teacher: loaded.get(0) ?? null, students, history, aborted });
  if (run.models.some(({ generation }) => !loaded.has(generation))) {
    run.dispose();
    throw new SavedGenerationsError(
      `${path}: expected consecutive generations up to the last report, got ${[...loaded.keys()].join(', ')}; save the generations again`,
    );
  }
  return run;
}

async function loadModel(folder: string, { folder: name, weightsSha256 }: SavedModel): Promise<tf.LayersModel> {
  const path = join(folder, name, 'model.json');
  const weightsPath = join(folder, name, 'weights.bin');
  const text = await read(path, 'utf8');
  const weights = await read(weightsPath);
  const sha256 = createHash('sha256').update(weights).digest('hex');
  if (sha256 !== weightsSha256) {
    throw new SavedGenerationsError(
      `${weightsPath}: expected the SHA-256 ${weightsSha256}, got ${sha256}: the file was changed or cut off; save the generations again`,
    );
  }
  try {
    const { modelTopology, weightsManifest } = JSON.parse(text) as tf.io.ModelJSON;
    const weightSpecs = weightsManifest.flatMap(({ weights: specs }) => specs);
    const weightData = new Uint8Array(weights).buffer;
    return await tf.loadLayersModel(
      tf.io.fromMemory({ modelTopology: modelTopology as object, weightSpecs, weightData }),
    );
  } catch (error) {
    throw new SavedGenerationsError(
      `${path}: no model can be made of it (${error instanceof Error ? error.message : String(error)}); ` +
        'register layers of your own before, or save the generations again',
      { cause: error },
    );
  }
}

async function read(path: string): Promise<Buffer>;
async function read(path: string, encoding: 'utf8'): Promise<string>;
async function read(path: string, encoding?: 'utf8'): Promise<Buffer | string> {
  try {
    return await readFile(path, encoding);
  } catch (error) {
    throw new SavedGenerationsError(
      `cannot read ${path}: ${error instanceof Error ? error.message : String(error)}; expected a folder that saveGenerations wrote`,
      { cause: error },
    );
  }
}
