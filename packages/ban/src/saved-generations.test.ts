import { chmod, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mlp } from '@tensor-papers/tensor-core/nn';
import { predictLogits } from '@tensor-papers/tensor-core/train';
import * as tf from '@tensorflow/tfjs';
import { blobs, leak, tinyRun, weightsOf } from '../test/support.js';
import { type BornAgainRun, DisposedError, SavedGenerationsError, trainBornAgain } from './index.js';
import { loadGenerations, saveGenerations } from './node.js';

let root: string;
let run: BornAgainRun;
let made = 0;
const newFolder = () => join(root, `run-${made++}`);

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'ban-'));
  run = await trainBornAgain(
    tinyRun({ generations: 2, makeModel: mlp({ hidden: [6], dropout: 0.1 }), validation: blobs() }),
  );
});

afterAll(async () => {
  run.dispose();
  await rm(root, { recursive: true, force: true });
});

const modelFolders = async (folder: string) => (await readdir(folder)).filter((name) => name.startsWith('generation-'));

async function saved(): Promise<{ folder: string; models: string[] }> {
  const folder = newFolder();
  await saveGenerations(run, folder);
  return { folder, models: (await modelFolders(folder)).map((name) => join(folder, name)) };
}

describe('generations that were saved and loaded', () => {
  it('have the same reports, weights and logits', async () => {
    const { folder, models } = await saved();
    expect(models).toHaveLength(3);
    const loaded = await loadGenerations(folder);
    expect(loaded.history).toEqual(run.history);
    expect(loaded.aborted).toBe(false);
    expect(loaded.models.map(({ generation }) => generation)).toEqual([0, 1, 2]);
    for (const [i, { model }] of loaded.models.entries()) {
      const original = run.models[i]!.model;
      expect(weightsOf(model)).toEqual(weightsOf(original));
      expect(await predictLogits(model, blobs())).toEqual(await predictLogits(original, blobs()));
    }
    loaded.dispose();
  });

  it('may be a part of a run', async () => {
    for (const options of [{ generations: 3, keep: 'last' }, { generations: 0 }] as const) {
      const part = await trainBornAgain(tinyRun(options));
      const folder = newFolder();
      await saveGenerations(part, folder);
      const loaded = await loadGenerations(folder);
      expect(loaded.models.map(({ generation }) => generation)).toEqual([options.generations]);
      expect(loaded.history).toEqual(part.history);
      loaded.dispose();
      part.dispose();
    }
  });

  it('lie in files that TensorFlow.js itself reads', async () => {
    const { models } = await saved();
    const { modelTopology, weightsManifest } = JSON.parse(await readFile(join(models[0]!, 'model.json'), 'utf8'));
    expect(weightsManifest[0].paths).toEqual(['weights.bin']);
    const bytes = new Uint8Array(await readFile(join(models[0]!, 'weights.bin')));
    const { weights } = weightsManifest[0];
    const model = await tf.loadLayersModel(
      tf.io.fromMemory({ modelTopology, weightSpecs: weights, weightData: bytes.buffer }),
    );
    expect(weightsOf(model)).toEqual(weightsOf(run.teacher!));
    model.dispose();
  });

  it('leave no tensors', async () => {
    const folder = newFolder();
    expect(await leak(() => saveGenerations(run, folder))).toBe(0);
    expect(await leak(async () => (await loadGenerations(folder)).dispose())).toBe(0);
  });
});

describe('saving', () => {
  it('replaces what was saved before, and repairs what was broken', async () => {
    const { folder, models } = await saved();
    await writeFile(join(models[1]!, 'weights.bin'), 'broken');
    await saveGenerations(run, folder);
    (await loadGenerations(folder)).dispose();
    const other = await trainBornAgain(tinyRun({ seed: 9 }));
    await saveGenerations(other, folder);
    expect(await modelFolders(folder)).toHaveLength(2);
    const loaded = await loadGenerations(folder);
    expect(weightsOf(loaded.teacher!)).toEqual(weightsOf(other.teacher!));
    loaded.dispose();
    other.dispose();
  });

  it('that stops half-way leaves what was there', async () => {
    const { folder } = await saved();
    const other = await trainBornAgain(tinyRun({ seed: 9 }));
    const failing = { ...other.students[0]!, save: () => Promise.reject(new Error('disk full')) };
    const broken = {
      disposed: false,
      history: other.history,
      aborted: false,
      models: [
        { generation: 0, model: other.teacher! },
        { generation: 1, model: failing },
      ],
    };
    await expect(saveGenerations(broken as unknown as BornAgainRun, folder)).rejects.toThrow('disk full');
    const loaded = await loadGenerations(folder);
    expect(weightsOf(loaded.teacher!)).toEqual(weightsOf(run.teacher!));
    loaded.dispose();
    other.dispose();
  });

  it('refuses a disposed run, and a folder that holds something else', async () => {
    const gone = await trainBornAgain(tinyRun({ generations: 0 }));
    gone.dispose();
    await expect(saveGenerations(gone, newFolder())).rejects.toThrow(DisposedError);
    const { folder } = await saved();
    await writeFile(join(folder, 'thesis.md'), 'mine');
    await expect(saveGenerations(run, folder)).rejects.toThrow(/holds thesis\.md, which is no saved generation/);
    expect(await readFile(join(folder, 'thesis.md'), 'utf8')).toBe('mine');
  });

  it('says where it cannot write', async () => {
    const file = newFolder();
    await writeFile(file, '');
    await expect(saveGenerations(run, file)).rejects.toThrow(SavedGenerationsError);
    await expect(saveGenerations(run, join(file, 'below'))).rejects.toThrow(/give a folder that can be written/);
    if (process.getuid?.() === 0) return;
    await chmod(root, 0o555);
    await expect(saveGenerations(run, newFolder())).rejects.toThrow(SavedGenerationsError);
    await chmod(root, 0o755);
  });
});

describe('loading', () => {
  const rejects = async (folder: string, text: string) => {
    const left = await leak(async () => {
      await expect(loadGenerations(folder)).rejects.toThrow(SavedGenerationsError);
      await expect(loadGenerations(folder)).rejects.toThrow(text);
    });
    expect(left).toBe(0);
  };

  it('refuses a folder without generations, and files that are missing, cut off or changed', async () => {
    await rejects(newFolder(), 'expected a folder that saveGenerations wrote');
    const { folder, models } = await saved();
    const last = models[2]!;
    const weights = await readFile(join(last, 'weights.bin'));
    await writeFile(join(last, 'weights.bin'), weights.subarray(0, -4));
    await rejects(folder, 'the file was changed or cut off');
    await writeFile(
      join(last, 'weights.bin'),
      weights.map((byte, i) => (i === 5 ? byte ^ 1 : byte)),
    );
    await rejects(folder, 'expected the SHA-256');
    await writeFile(join(last, 'weights.bin'), weights);
    await writeFile(join(last, 'model.json'), '{}');
    await rejects(folder, 'no model can be made of it');
    await rename(last, `${last}-elsewhere`);
    await rejects(folder, 'model.json');
  });

  it('refuses an index that is none', async () => {
    const { folder } = await saved();
    const path = join(folder, 'generations.json');
    const index = JSON.parse(await readFile(path, 'utf8'));
    const write = (changed: unknown) => writeFile(path, JSON.stringify(changed));
    await writeFile(path, '{"format":');
    await rejects(folder, 'expected JSON');
    for (const other of [null, [], { ...index, format: 'other/1' }]) {
      await write(other);
      await rejects(folder, 'expected the format tensor-papers/ban-generations/1');
    }
    await write({ ...index, history: [{}] });
    await rejects(folder, 'list of reports');
    await write({ ...index, aborted: 'no' });
    await rejects(folder, '`aborted`');
    await write({ ...index, history: index.history.slice(1) });
    await rejects(folder, 'a report in `history`');
    await write({ ...index, models: index.models.slice(0, 2) });
    await rejects(folder, 'consecutive generations');
    await write({ ...index, models: [{ ...index.models[0], folder: '../elsewhere' }] });
    await rejects(folder, '`models`');
  });
});
