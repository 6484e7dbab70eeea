import { describe, expect, it } from '@jest/globals';
import { createRng } from '@tensor-papers/numerics/random';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { expectNoLeak, weightValues } from '../../../test/tensors.js';
import { mlp } from '../../nn/backbones/mlp.js';
import { decodeSafetensors } from '../../weights/safetensors/decode.js';
import { encodeSafetensors } from '../../weights/safetensors/encode.js';
import { adamW } from '../optimizers/adam-w.js';
import { sgd } from '../optimizers/sgd.js';
import { variablesOf } from '../trainable.js';
import { type Checkpoint, captureCheckpoint, restoreCheckpoint } from './capture-checkpoint.js';
import type { JsonValue, PartState } from './checkpoint-part.js';
import { modelPart, optimizerPart, randomPart, valuePart } from './checkpoint-parts.js';
import { memoryCheckpoints } from './checkpoint-store.js';
import { decodeCheckpoint, encodeCheckpoint } from './encode-checkpoint.js';
import { engineIdentity } from './engine-identity.js';
import {
  CheckpointCorruptError,
  CheckpointEngineError,
  CheckpointModelError,
  CheckpointPartError,
  CheckpointVersionError,
} from './errors.js';
import { fromExactJson, toExactJson } from './exact-json.js';

const context = { seed: 5, inputShape: [4], classes: 3 };
const makeModel = (seed = 5) => mlp({ hidden: [6], dropout: 0.5 })({ ...context, seed });

/** A model, an optimiser that took a step, a stream that was drawn from, and a counter. */
function makeRun(seed: number) {
  const model = makeModel(seed);
  const optimizer = adamW({ learningRate: 0.1 });
  const rng = createRng(3).stream('draws');
  const counter = { value: 0 };
  const step = () => {
    const x = tf.fill([2, 4], rng.uniform());
    const variables = variablesOf(model.trainableWeights);
    const { value, grads } = tf.variableGrads(
      () => tf.mean(tf.square(model.apply(x, { training: true }) as tf.Tensor)) as tf.Scalar,
      variables,
    );
    optimizer.apply(variables, grads);
    tf.dispose([x, value, grads]);
    counter.value += 1;
  };
  const parts = {
    model: modelPart(model),
    optimizer: optimizerPart(optimizer, model),
    rng: randomPart(rng),
    counter: valuePart(
      () => counter.value,
      (value) => {
        counter.value = value;
      },
    ),
  };
  const dispose = () => {
    model.dispose();
    optimizer.dispose();
  };
  return { model, optimizer, rng, counter, step, parts, dispose };
}

async function checkpointBytes(): Promise<Uint8Array> {
  const run = makeRun(5);
  run.step();
  const bytes = await encodeCheckpoint(await captureCheckpoint(run.parts));
  run.dispose();
  return bytes;
}

describe('a checkpoint of named parts', () => {
  it('lets a loop of one’s own go on to the bit, dropout and random streams included', async () => {
    await expectNoLeak(async () => {
      const [first, second] = [makeRun(5), makeRun(5)];
      first.step();
      first.step();
      const bytes = await encodeCheckpoint(await captureCheckpoint(first.parts));
      second.step();
      restoreCheckpoint(await decodeCheckpoint(bytes), second.parts);
      expect(second.counter.value).toBe(2);
      expect(weightValues(second.model)).toEqual(weightValues(first.model));
      for (const run of [first, second]) {
        run.step();
        run.step();
      }
      expect(weightValues(second.model)).toEqual(weightValues(first.model));
      expect(second.rng.uniform()).toBe(first.rng.uniform());
      first.dispose();
      second.dispose();
    });
  });

  it('is a safetensors file with weights by name', async () => {
    const { tensors, metadata } = decodeSafetensors(await checkpointBytes());
    expect([...tensors.keys()]).toEqual(
      expect.arrayContaining(['model/dense-1/kernel', 'model/logits/bias', 'optimizer/first-moment/0']),
    );
    expect(metadata.checksum).toMatch(/^[0-9a-f]{64}$/);
    const { engine, version } = JSON.parse(metadata['tensor-papers']!);
    expect({ engine, version }).toEqual({ engine: engineIdentity(), version: 1 });
    expect(engine.name).toBe(tf.getBackend());
    expect(engine.threads).toBeGreaterThanOrEqual(1);
  });

  it('has the same bytes for the same state', async () => {
    expect(await checkpointBytes()).toEqual(await checkpointBytes());
  });

  it('gives one part alone where asked to', async () => {
    const checkpoint = await decodeCheckpoint(await checkpointBytes());
    const model = makeModel();
    tf.tidy(() => model.setWeights(model.getWeights().map((weight) => tf.zerosLike(weight))));
    expect(() => restoreCheckpoint(checkpoint, { model: modelPart(model) })).toThrow(CheckpointPartError);
    restoreCheckpoint(checkpoint, { model: modelPart(model) }, { partial: true });
    const source = checkpoint.parts.model!.tensors!['dense-1/kernel']!.data;
    expect(model.getWeights()[0]!.dataSync()).toEqual(source);
    model.dispose();
  });

  it('does not mind the numbers that TensorFlow.js counts up for layers without a name', async () => {
    const make = () =>
      tf.sequential({
        layers: [
          tf.layers.dense({ units: 3, inputShape: [2] }),
          tf.layers.dense({ units: 3 }),
          tf.layers.dense({ units: 3 }),
        ],
      });
    const [first, second] = [make(), make()];
    expect(second.weights[0]!.originalName).not.toBe(first.weights[0]!.originalName);
    const checkpoint = await captureCheckpoint({ model: modelPart(first) });
    expect(Object.keys(checkpoint.parts.model!.tensors!)).toEqual([
      'dense_Dense/kernel',
      'dense_Dense/bias',
      'dense_Dense/kernel#2',
      'dense_Dense/bias#2',
      'dense_Dense/kernel#3',
      'dense_Dense/bias#3',
    ]);
    restoreCheckpoint(checkpoint, { model: modelPart(second) });
    expect(weightValues(second)).toEqual(weightValues(first));
    first.dispose();
    second.dispose();
  });
});

describe('a checkpoint that does not fit changes nothing', () => {
  async function refused(change: (checkpoint: Checkpoint) => Checkpoint, run = makeRun(5)): Promise<Error> {
    const checkpoint = change(await decodeCheckpoint(await checkpointBytes()));
    run.step();
    const before = [weightValues(run.model), run.rng.state(), run.counter.value, run.optimizer.steps];
    let error: unknown;
    try {
      restoreCheckpoint(checkpoint, run.parts);
    } catch (thrown) {
      error = thrown;
    }
    expect([weightValues(run.model), run.rng.state(), run.counter.value, run.optimizer.steps]).toEqual(before);
    run.dispose();
    return error as Error;
  }
  const withPart = (name: string, part: Partial<PartState>) => (checkpoint: Checkpoint) => ({
    ...checkpoint,
    parts: { ...checkpoint.parts, [name]: { ...checkpoint.parts[name], ...part } },
  });

  it('where a weight has another shape or is missing, and says which', async () => {
    const tensor = { dtype: 'float32', shape: [4, 5], data: new Float32Array(20) } as const;
    const error = await refused(withPart('model', { tensors: { 'dense-1/kernel': tensor, 'conv/kernel': tensor } }));
    expect(error).toBeInstanceOf(CheckpointModelError);
    expect(error.message).toContain('dense-1/kernel: expected float32 [4, 6], got float32 [4, 5]');
    expect(error.message).toContain('dense-1/bias: expected float32 [6], got none');
    expect(error.message).toContain('conv/kernel: expected none, got float32 [4, 5]');
  });

  it('where dropout is missing', async () => {
    const error = await refused(withPart('model', { values: { drawn: [] } }));
    expect(error).toBeInstanceOf(CheckpointModelError);
    expect(error.message).toMatch(/expected dropout or noise of the seeds \[\d+\], got \[\]/);
  });

  it('where dropout has another seed', async () => {
    const error = await refused((checkpoint) => checkpoint, makeRun(6));
    expect(error).toBeInstanceOf(CheckpointModelError);
    expect(error.message).toContain('Make the model with the seed that was saved');
  });

  it.each<[string, Partial<Checkpoint['engine']>]>([
    ['name', { name: 'abacus' }],
    ['version', { version: '0.1' }],
    ['threads', { threads: 64 }],
    ['tfjs', { tfjs: '1.0.0' }],
  ])('where the engine has another %s, unless that is allowed', async (_, other) => {
    const change = (checkpoint: Checkpoint) => ({ ...checkpoint, engine: { ...checkpoint.engine, ...other } });
    const error = await refused(change);
    expect(error).toBeInstanceOf(CheckpointEngineError);
    expect(error.message).toContain(String(Object.values(other)[0]));
    expect(error.message).toContain('pass `allowOtherEngine: true`');
    const run = makeRun(5);
    restoreCheckpoint(change(await decodeCheckpoint(await checkpointBytes())), run.parts, { allowOtherEngine: true });
    expect(run.counter.value).toBe(1);
    run.dispose();
  });

  it('where the parts are others', async () => {
    const error = await refused(({ parts: { counter, ...parts }, engine }) => ({ engine, parts }));
    expect(error).toBeInstanceOf(CheckpointPartError);
    expect(error.message).toContain('model, optimizer, rng, counter, got one of model, optimizer, rng');
  });

  it('where the stream has another seed', async () => {
    const other = { ...createRng(4).stream('draws').state() } as unknown as JsonValue;
    const error = await refused(withPart('rng', { values: other }));
    expect(error).toBeInstanceOf(CheckpointPartError);
    expect(error.message).toMatch(/^part rng: .*is the seed another one\?$/);
  });

  it('where the optimiser is another one', async () => {
    const run = makeRun(5);
    const optimizer = sgd({ learningRate: 0.1 });
    const error = await refused((checkpoint) => checkpoint, {
      ...run,
      parts: { ...run.parts, optimizer: optimizerPart(optimizer, run.model) },
    });
    expect(error).toBeInstanceOf(CheckpointPartError);
    expect(error.message).toContain('part optimizer: expected the state of the optimiser sgd');
  });
});

describe('a checkpoint file', () => {
  it('is refused with whatever byte changed', async () => {
    const bytes = await checkpointBytes();
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (place, change) => {
        const changed = bytes.slice();
        changed[place]! ^= change;
        await expect(decodeCheckpoint(changed)).rejects.toBeInstanceOf(CheckpointCorruptError);
      }),
    );
  });

  it('is refused when cut off anywhere, empty, or followed by more', async () => {
    const bytes = await checkpointBytes();
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), async (length) => {
        await expect(decodeCheckpoint(bytes.slice(0, length))).rejects.toBeInstanceOf(CheckpointCorruptError);
      }),
    );
    const longer = new Uint8Array(bytes.length + 1);
    longer.set(bytes);
    await expect(decodeCheckpoint(longer)).rejects.toThrow(/is cut off or was changed/);
    const other = encodeSafetensors([['a', { dtype: 'F32', shape: [], data: Float32Array.of(1) }]]);
    await expect(decodeCheckpoint(other)).rejects.toThrow('does not begin like one');
  });

  it('is refused in another format version', async () => {
    const bytes = await checkpointBytes();
    // One digit, so that the layout stays; then a checksum that fits.
    const at = Buffer.from(bytes).indexOf('\\"version\\":1');
    bytes[at + '\\"version\\":'.length] = '2'.charCodeAt(0);
    const start = Buffer.from(bytes).indexOf('"checksum":"') + '"checksum":"'.length;
    bytes.fill(0x30, start, start + 64);
    const digest = await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>);
    bytes.set(new TextEncoder().encode(Buffer.from(digest).toString('hex')), start);
    const error = await decodeCheckpoint(bytes).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CheckpointVersionError);
    expect((error as Error).message).toContain('expected a checkpoint of format version 1, got version 2');
  });

  it('keeps every number', () => {
    const numbers = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 0.1, 5e-324];
    const back = fromExactJson(toExactJson({ numbers, nested: [{ value: Number.NaN }] })) as { numbers: number[] };
    expect(back.numbers.every((value, i) => Object.is(value, numbers[i]))).toBe(true);
    expect(back).toEqual({ numbers, nested: [{ value: Number.NaN }] });
  });

  it('lies in memory as a copy', async () => {
    const store = memoryCheckpoints();
    expect(await store.read('last')).toBeNull();
    const bytes = Uint8Array.of(1, 2, 3);
    await store.write('last', bytes);
    bytes[0] = 9;
    const read = (await store.read('last'))!;
    expect(read).toEqual(Uint8Array.of(1, 2, 3));
    read[1] = 9;
    expect(await store.read('last')).toEqual(Uint8Array.of(1, 2, 3));
  });
});
