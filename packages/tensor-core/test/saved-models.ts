import type * as tf from '@tensorflow/tfjs';
import { modelInMemory } from '../src/weights/model-json/model-in-memory.js';

/** Files of a model, by name. */
export type Files = Map<string, Uint8Array>;
// biome-ignore lint/suspicious/noExplicitAny: tests reach into JSON of any form
export type Json = Record<string, any>;

/** What is in the model.json. */
export const jsonOf = (files: Files): Json => JSON.parse(new TextDecoder().decode(files.get('model.json')));

/** Copies of the files with model.json edited. */
export function withJson(files: Files, edit: (json: Json) => void): Files {
  const json = jsonOf(files);
  edit(json);
  return new Map(files).set('model.json', new TextEncoder().encode(JSON.stringify(json)));
}

/** The files of a model that is saved. */
export async function filesOf(model: tf.LayersModel): Promise<Files> {
  const files: Files = new Map();
  await model.save(modelInMemory(files));
  return files;
}
