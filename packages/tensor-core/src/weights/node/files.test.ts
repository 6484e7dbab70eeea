import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import * as tf from '@tensorflow/tfjs';
import { expectNoLeak, weightValues } from '../../../test/tensors.js';
import { smallCnn } from '../../nn/backbones/small-cnn.js';
import { SafetensorsFormatError, TensorDataError, WeightsFileError } from '../errors.js';
import { loadModel, loadModelWeights } from '../model-json/load-model.js';
import { encodeSafetensors, type NamedTensor } from '../safetensors/encode.js';
import { writeAtomically } from './atomic-file.js';
import { modelFile } from './model-file.js';
import { openSafetensorsFile, readSafetensorsFile, writeSafetensorsFile } from './safetensors-file.js';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'weights-'));
  path = join(folder, 'model.safetensors');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const tensors: NamedTensor[] = [
  ['a', { dtype: 'F32', shape: [2], data: Float32Array.of(1, 2) }],
  ['b', { dtype: 'F16', shape: [3], data: Float32Array.of(1, -2, 3) }],
];

describe('writeSafetensorsFile', () => {
  it('writes what encodeSafetensors gives, and nothing else into the folder', async () => {
    await writeSafetensorsFile(path, tensors, { step: '7' });
    expect(Buffer.compare(readFileSync(path), encodeSafetensors(tensors, { step: '7' }))).toBe(0);
    expect(readdirSync(folder)).toEqual(['model.safetensors']);
    const { tensors: read, metadata } = await readSafetensorsFile(path);
    expect([...read].map(([name, tensor]) => [name, { ...tensor }])).toEqual(tensors);
    expect(metadata).toEqual({ step: '7' });
  });

  it('leaves the file that was there when it fails, before, while and after writing', async () => {
    await writeSafetensorsFile(path, tensors);
    const before = readFileSync(path);
    const bad: NamedTensor = ['c', { dtype: 'F32', shape: [3], data: new Float32Array(2) }];
    await expect(writeSafetensorsFile(path, [...tensors, bad])).rejects.toBeInstanceOf(TensorDataError);
    function* breaksOff() {
      yield new Uint8Array(1000);
      throw new Error('in the middle');
    }
    await expect(writeAtomically(path, breaksOff())).rejects.toThrow('in the middle');
    expect(Buffer.compare(readFileSync(path), before)).toBe(0);
    expect(readdirSync(folder)).toEqual(['model.safetensors']);
    mkdirSync(join(folder, 'taken'));
    await expect(writeSafetensorsFile(join(folder, 'taken'), tensors)).rejects.toBeInstanceOf(WeightsFileError);
    expect(readdirSync(folder)).toEqual(['model.safetensors', 'taken']);
  });

  it('shows nothing at its path before all is written', async () => {
    const seen: boolean[] = [];
    function* chunks() {
      yield new Uint8Array(10);
      seen.push(existsSync(path));
      yield new Uint8Array(10);
      seen.push(existsSync(path));
    }
    await writeAtomically(path, chunks());
    expect(seen).toEqual([false, false]);
    expect(statSync(path).size).toBe(20);
  });

  it('says which path cannot be written', async () => {
    const missing = join(folder, 'missing', 'x.safetensors');
    await expect(writeSafetensorsFile(missing, tensors)).rejects.toBeInstanceOf(WeightsFileError);
    await expect(writeSafetensorsFile(missing, tensors)).rejects.toThrow(`cannot write ${missing} (ENOENT)`);
  });
});

describe('openSafetensorsFile', () => {
  it('reads single tensors of a file, and no more than them', async () => {
    await writeSafetensorsFile(path, [
      ...tensors,
      ['big', { dtype: 'F64', shape: [100_000], data: new Float64Array(100_000) }],
    ]);
    const probe = await open(path);
    const read = jest.spyOn(Object.getPrototypeOf(probe) as typeof probe, 'read');
    await probe.close();
    const file = await openSafetensorsFile(path);
    expect((await file.read('b')).data).toEqual(Float32Array.of(1, -2, 3));
    expect(file.tensors.get('big')).toMatchObject({ shape: [100_000] });
    await file.close();
    const sizes = read.mock.calls.map((call) => (call as unknown as [Uint8Array])[0].length);
    read.mockRestore();
    expect(sizes).toHaveLength(3);
    expect(sizes.reduce((a, b) => a + b)).toBeLessThan(1000);
  });

  it('refuses missing files, folders and other files, and leaves none open', async () => {
    await expect(openSafetensorsFile(path)).rejects.toBeInstanceOf(WeightsFileError);
    await expect(openSafetensorsFile(folder)).rejects.toMatchObject({ code: expect.stringMatching(/^weights\//) });
    writeFileSync(path, 'no safetensors');
    await expect(openSafetensorsFile(path)).rejects.toBeInstanceOf(SafetensorsFormatError);
    await expect(readSafetensorsFile(path)).rejects.toBeInstanceOf(SafetensorsFormatError);
    if (existsSync('/proc/self/fd')) {
      const links = readdirSync('/proc/self/fd').filter((fd) => {
        try {
          return statSync(`/proc/self/fd/${fd}`).ino === statSync(path).ino;
        } catch {
          return false;
        }
      });
      expect(links).toEqual([]);
    }
  });

  it('notices a file that is cut while it is open', async () => {
    await writeSafetensorsFile(path, tensors);
    const file = await openSafetensorsFile(path);
    truncateSync(path, statSync(path).size - 3);
    await expect(file.read('b')).rejects.toMatchObject({ code: 'weights/truncated' });
    await file.close();
  });
});

describe('modelFile', () => {
  const make = (seed: number) => smallCnn({ filters: [3, 4] })({ seed, inputShape: [8, 8, 1], classes: 2 });
  const json = () => join(folder, 'model.json');
  const names = () => readdirSync(folder).sort();

  it('saves and loads a model, in shards, for us and for TensorFlow.js', async () => {
    await expectNoLeak(async () => {
      const model = make(1);
      await model.save(modelFile(json(), { shardBytes: 500 }));
      const sizes = names()
        .filter((name) => name.endsWith('.bin'))
        .map((name) => statSync(join(folder, name)).size);
      expect(sizes.length).toBeGreaterThan(1);
      expect(Math.max(...sizes)).toBe(500);
      const loaded = [await loadModel(modelFile(json())), await tf.loadLayersModel(modelFile(json()))];
      // The file handler of tfjs-node reads it too, where there is one.
      if (tf.io.getLoadHandlers(`file://${json()}`).length > 0)
        loaded.push(await tf.loadLayersModel(`file://${json()}`));
      for (const other of loaded) {
        expect(weightValues(other)).toEqual(weightValues(model));
        other.dispose();
      }
      const other = make(2);
      await loadModelWeights(other, modelFile(json()));
      expect(weightValues(other)).toEqual(weightValues(model));
      other.dispose();
      model.dispose();
    });
  });

  it('replaces a model and its weight files, and touches no others', async () => {
    const models = [make(1), make(2)] as const;
    writeFileSync(join(folder, 'weights.bin'), 'mine');
    await models[0].save(modelFile(join(folder, 'other.json')));
    await models[0].save(modelFile(json()));
    const first = names();
    await models[0].save(modelFile(json()));
    expect(names()).toEqual(first);
    await models[1].save(modelFile(json()));
    expect(names()).toHaveLength(first.length);
    expect(names()).not.toEqual(first);
    expect(names()).toContain('weights.bin');
    for (const [file, model] of [
      ['model.json', models[1]],
      ['other.json', models[0]],
    ] as const) {
      const loaded = await loadModel(modelFile(join(folder, file)));
      expect(weightValues(loaded)).toEqual(weightValues(model));
      loaded.dispose();
    }
    for (const model of models) model.dispose();
  });

  it('removes no weight file that it did not write, whatever the old model.json names', async () => {
    writeFileSync(join(folder, 'precious.bin'), 'mine');
    writeFileSync(json(), JSON.stringify({ weightsManifest: [{ paths: ['precious.bin'], weights: [] }] }));
    const model = make(1);
    await model.save(modelFile(json()));
    expect(names()).toContain('precious.bin');
    model.dispose();
  });

  it('leaves the model that was there when a save fails', async () => {
    const models = [make(1), make(2)] as const;
    await models[0].save(modelFile(json()));
    const before = names();
    const [own] = Object.keys(await filesOf(models[1]));
    // A folder in the place of the second weight file: the first is written by then.
    mkdirSync(join(folder, own!.replace('.1-of-', '.2-of-')));
    await expect(models[1].save(modelFile(json(), { shardBytes: 400 }))).rejects.toBeInstanceOf(WeightsFileError);
    rmSync(join(folder, own!.replace('.1-of-', '.2-of-')), { recursive: true });
    expect(names()).toEqual(before);
    const loaded = await loadModel(modelFile(json()));
    expect(weightValues(loaded)).toEqual(weightValues(models[0]));
    for (const model of [...models, loaded]) model.dispose();
  });

  /** Weight files that a model gets, with shards of 400 bytes. */
  async function filesOf(model: tf.LayersModel): Promise<Record<string, number>> {
    const other = mkdtempSync(join(tmpdir(), 'weights-'));
    await model.save(modelFile(join(other, 'model.json'), { shardBytes: 400 }));
    const files = readdirSync(other).filter((name) => name.includes('.1-of-'));
    rmSync(other, { recursive: true });
    return Object.fromEntries(files.map((name) => [name, 1]));
  }

  it('reads no weight file before all sizes are right', async () => {
    const model = make(1);
    await model.save(modelFile(json(), { shardBytes: 500 }));
    const [shard] = names().filter((name) => name.endsWith('.bin'));
    truncateSync(join(folder, shard!), 499);
    await expect(loadModel(modelFile(json()))).rejects.toMatchObject({ code: 'weights/truncated' });
    writeFileSync(join(folder, shard!), Buffer.alloc(501));
    await expect(loadModel(modelFile(json()))).rejects.toMatchObject({ code: 'weights/trailing-bytes' });
    rmSync(join(folder, shard!));
    await expect(loadModel(modelFile(json()))).rejects.toBeInstanceOf(WeightsFileError);
    await expect(loadModel(modelFile(join(folder, 'none.json')))).rejects.toBeInstanceOf(WeightsFileError);
    model.dispose();
  });

  it('saves the same model to the same bytes', async () => {
    const model = make(1);
    await model.save(modelFile(json()));
    const before = names().map((name) => readFileSync(join(folder, name)).toString('base64'));
    await model.save(modelFile(json()));
    expect(names().map((name) => readFileSync(join(folder, name)).toString('base64'))).toEqual(before);
    model.dispose();
  });
});
