import { createRng } from '@tensor-papers/numerics/random';
import * as tf from '@tensorflow/tfjs';
import { resNet } from '../src/nn/backbones/res-net.js';
import { smallCnn } from '../src/nn/backbones/small-cnn.js';
import { WeightsError } from '../src/weights/errors.js';
import { loadModel } from '../src/weights/model-json/load-model.js';
import { modelInMemory } from '../src/weights/model-json/model-in-memory.js';
import type { ByteSource } from '../src/weights/safetensors/byte-source.js';
import { decodeSafetensors, type StoredTensor } from '../src/weights/safetensors/decode.js';
import { encodeSafetensors } from '../src/weights/safetensors/encode.js';
import { openSafetensors } from '../src/weights/safetensors/open.js';
import { mutateBytes, mutateJson } from './mutations.js';

/** How fuzzed files were received. */
export interface FuzzCounts {
  accepted: number;
  /** By code of the error. */
  readonly refused: Record<string, number>;
}

/** No file may take longer, in ms. */
const patience = 5000;

function safetensorsFiles(): Uint8Array[] {
  const tensors = new Map<string, StoredTensor>([
    ['conv/kernel', { dtype: 'F32', shape: [3, 3, 1, 2], data: Float32Array.from({ length: 18 }, Math.sin) }],
    ['half', { dtype: 'F16', shape: [5], data: Float32Array.of(1, 2, 3, 4, 5) }],
    ['brain', { dtype: 'BF16', shape: [1, 3], data: Float32Array.of(1, 2, 3) }],
    ['steps', { dtype: 'I64', shape: [], data: BigInt64Array.of(7n) }],
    ['mask', { dtype: 'BOOL', shape: [3], data: Uint8Array.of(1, 0, 1) }],
    ['none', { dtype: 'F64', shape: [0, 2], data: new Float64Array(0) }],
  ]);
  const many = Array.from({ length: 20 }, (_, i): [string, StoredTensor] => [
    `layer.${i}`,
    { dtype: 'U8', shape: [i], data: new Uint8Array(i) },
  ]);
  return [encodeSafetensors(tensors, { format: 'pt' }), encodeSafetensors(many), encodeSafetensors([])];
}

/** The file with its header's JSON edited; the length is that of the new header. */
function withEditedHeader(
  file: Uint8Array,
  edit: (json: string) => string,
  other: Uint8Array,
  ownData: boolean,
): Uint8Array {
  const split = (bytes: Uint8Array) => 8 + Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const header = new TextEncoder().encode(edit(new TextDecoder().decode(file.subarray(8, split(file))).trimEnd()));
  const data = ownData ? file.subarray(split(file)) : other.subarray(split(other));
  const result = new Uint8Array(8 + header.length + data.length);
  new DataView(result.buffer).setBigUint64(0, BigInt(header.length), true);
  result.set(header, 8);
  result.set(data, 8 + header.length);
  return result;
}

/** A source that refuses what no reader needs: bytes behind the end, or more at once than the file has. */
function guarded(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read: async (offset, length) => {
      if (!(offset >= 0 && length >= 0 && offset + length <= bytes.length))
        throw new RangeError(`read ${length} at ${offset} of ${bytes.length}`);
      return bytes.slice(offset, offset + length);
    },
  };
}

async function receive(counts: FuzzCounts, what: () => string, action: () => Promise<void>): Promise<void> {
  const start = performance.now();
  try {
    await action();
    counts.accepted++;
  } catch (error) {
    if (!(error instanceof WeightsError)) throw new Error(`${what()}: ${(error as Error)?.stack ?? error}`);
    if (error.message.length > 2000) throw new Error(`${what()}: message of ${error.message.length} characters`);
    counts.refused[error.code] = (counts.refused[error.code] ?? 0) + 1;
  }
  const took = performance.now() - start;
  if (took > patience) throw new Error(`${what()}: took ${took} ms`);
}

/** Reads mutated safetensors files, from memory and from a source, tensor by tensor. */
export async function fuzzSafetensors(count: number, seed: number): Promise<FuzzCounts> {
  const rng = createRng(seed).stream('safetensors');
  const files = safetensorsFiles();
  const counts: FuzzCounts = { accepted: 0, refused: {} };
  for (let i = 0; i < count; i++) {
    const [file, other] = [files[rng.integer(files.length)]!, files[rng.integer(files.length)]!];
    const mutated =
      rng.integer(3) === 0
        ? mutateBytes(file, rng, other)
        : withEditedHeader(file, (json) => mutateJson(json, rng), other, rng.integer(5) > 0);
    const what = () => `safetensors ${i} of seed ${seed}: ${Buffer.from(mutated).toString('latin1').slice(0, 300)}`;
    await receive(counts, what, async () => {
      const read: [string, StoredTensor['data']][] = [];
      let failure: unknown;
      try {
        for (const [name, { data }] of decodeSafetensors(mutated).tensors) read.push([name, data]);
      } catch (error) {
        failure = error;
      }
      const bytes = read.reduce((sum, [, data]) => sum + data.byteLength, 0);
      // Half precision becomes twice as long.
      if (bytes > 2 * mutated.length) throw new Error(`${bytes} bytes of values from a file of ${mutated.length}`);
      const again: typeof read = [];
      const opened = await openSafetensors(guarded(mutated)).catch((error) => {
        if ((error as WeightsError).code !== (failure as WeightsError)?.code)
          throw new Error(`memory: ${failure}; source: ${error}`);
        throw error;
      });
      for (const name of opened.tensors.keys()) again.push([name, (await opened.read(name)).data]);
      if (failure !== undefined) throw failure;
      if (again.length !== read.length) throw new Error('memory and source differ');
    });
  }
  return counts;
}

type Files = Map<string, Uint8Array>;

async function modelFiles(): Promise<Files[]> {
  const nested = tf.sequential({
    layers: [tf.layers.lstm({ units: 2, inputShape: [3, 2] }), tf.layers.dense({ units: 2 })],
  });
  const inner = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [4] })] });
  const input = tf.input({ shape: [4] });
  const models = [
    smallCnn({ filters: [2] })({ seed: 1, inputShape: [4, 4, 1], classes: 2 }),
    resNet({ depth: 18, stem: 'cifar', width: 1 })({ seed: 1, inputShape: [8, 8, 1], classes: 2 }),
    nested,
    tf.model({
      inputs: input,
      outputs: tf.layers.concatenate().apply([inner.apply(input) as tf.SymbolicTensor, input]) as tf.SymbolicTensor,
    }),
  ];
  const all: Files[] = [];
  for (const model of models) {
    const files: Files = new Map();
    await model.save(modelInMemory(files, { shardBytes: 200 }));
    model.dispose();
    all.push(files);
  }
  return all;
}

/** Loads mutated model.json files and weight files as models. */
export async function fuzzModels(count: number, seed: number): Promise<FuzzCounts> {
  const { warn } = console;
  // TensorFlow.js warns of odd graphs.
  console.warn = () => undefined;
  try {
    return await loadMutatedModels(count, seed);
  } finally {
    console.warn = warn;
  }
}

async function loadMutatedModels(count: number, seed: number): Promise<FuzzCounts> {
  const rng = createRng(seed).stream('models');
  const originals = await modelFiles();
  const counts: FuzzCounts = { accepted: 0, refused: {} };
  for (let i = 0; i < count; i++) {
    const original = originals[rng.integer(originals.length)]!;
    const files = new Map(original);
    const names = [...files.keys()];
    const json = files.get('model.json')!;
    const other = originals[rng.integer(originals.length)]!.get('model.json')!;
    const kind = rng.integer(10);
    if (kind < 7) files.set('model.json', new TextEncoder().encode(mutateJson(new TextDecoder().decode(json), rng)));
    else if (kind < 9) files.set('model.json', mutateBytes(json, rng, other));
    else {
      const name = names[rng.integer(names.length)]!;
      files.set(name, mutateBytes(files.get(name)!, rng, other));
    }
    const size = [...files.values()].reduce((sum, bytes) => sum + bytes.length, 0);
    const what = () => `model ${i} of seed ${seed}`;
    const { numTensors } = tf.memory();
    await receive(counts, what, async () => {
      let failure: unknown;
      const { peakBytes } = await tf.profile(async () => {
        const { numBytes } = tf.memory();
        try {
          const model = await loadModel(modelInMemory(files));
          if (tf.memory().numBytes - numBytes > 4 * size) throw new Error(`a model of more bytes than ${4 * size}`);
          const variables = model.weights.map((weight) => weight.read());
          model.dispose();
          // TensorFlow.js leaves the weights of layers that are called twice.
          tf.dispose(variables);
        } catch (error) {
          failure = error;
        }
        return tf.scalar(0).dispose() as never;
      });
      if (peakBytes > tf.memory().numBytes + 8 * size)
        throw new Error(`${peakBytes} bytes of tensors for files of ${size}`);
      if (failure !== undefined) throw failure;
    });
    const left = tf.memory().numTensors - numTensors;
    if (left !== 0) throw new Error(`${what()}: left ${left} tensors`);
  }
  return counts;
}
