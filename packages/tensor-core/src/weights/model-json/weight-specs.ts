import * as tf from '@tensorflow/tfjs';
import { describeValue } from '../describe-value.js';
import { ModelFormatError } from '../errors.js';
import { storedDtype, type WeightDtype } from '../numeric-data.js';
import { decodeTensorData, type StoredTensor } from '../safetensors/decode.js';
import { elementCount, type TensorData } from '../safetensors/dtype.js';

type Quantization = NonNullable<tf.io.WeightsManifestEntry['quantization']>;

/** A weight of a manifest, checked. */
export interface WeightSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: WeightDtype;
  readonly quantization?: Quantization;
  readonly group?: 'model' | 'optimizer';
  /** Bytes that it takes. */
  readonly bytes: number;
}

type JsonObject = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const widths = { float32: 4, int32: 4, bool: 1, uint8: 1, uint16: 2, float16: 2 } as const;

function requireQuantization(weight: string, value: unknown, dtype: WeightDtype): Quantization {
  if (!isObject(value)) {
    throw new ModelFormatError(
      'weights/bad-manifest',
      `${weight}: expected quantization to be an object, got ${describeValue(value)}`,
    );
  }
  const { dtype: stored, scale, min } = value;
  if (stored === 'float16' && dtype === 'float32') return { dtype: 'float16' };
  const linear = (stored === 'uint8' || stored === 'uint16') && dtype !== 'bool';
  if (!linear || !Number.isFinite(scale) || !Number.isFinite(min)) {
    throw new ModelFormatError(
      'weights/bad-manifest',
      `${weight}: expected quantization of a float32 to float16, or of a number to uint8 or uint16 with finite scale and min, ` +
        `got ${describeValue(value)} for ${dtype}`,
    );
  }
  return { dtype: stored, scale: scale as number, min: min as number };
}

/** Checks an entry of a weights manifest. @throws ModelFormatError */
export function parseWeightSpec(entry: unknown): WeightSpec {
  if (!isObject(entry) || typeof entry.name !== 'string') {
    throw new ModelFormatError(
      'weights/bad-manifest',
      `expected a weight { name, shape, dtype }, got ${describeValue(entry)}`,
    );
  }
  const { name, shape, dtype, quantization, group } = entry;
  const weight = `weight ${describeValue(name)}`;
  if (name === '__proto__') {
    throw new ModelFormatError('weights/forbidden-name', `${weight}: this name can change a prototype; rename it`);
  }
  if (dtype !== 'float32' && dtype !== 'int32' && dtype !== 'bool') {
    throw new ModelFormatError(
      'weights/unknown-dtype',
      `${weight}: expected float32, int32 or bool, got ${describeValue(dtype)}`,
    );
  }
  if (group !== undefined && group !== 'model' && group !== 'optimizer') {
    throw new ModelFormatError(
      'weights/bad-manifest',
      `${weight}: expected the group model or optimizer, got ${describeValue(group)}`,
    );
  }
  const checked = quantization === undefined ? undefined : requireQuantization(weight, quantization, dtype);
  const bytes = Array.isArray(shape) ? elementCount(shape) * widths[checked?.dtype ?? dtype] : Number.NaN;
  if (!Array.isArray(shape) || !Number.isSafeInteger(bytes)) {
    throw new ModelFormatError(
      'weights/bad-shape',
      `${weight}: expected a shape of whole sizes from 0, got ${describeValue(shape)}`,
    );
  }
  return {
    name,
    shape: shape as number[],
    dtype,
    bytes,
    ...(checked && { quantization: checked }),
    ...(group && { group }),
  };
}

/** Bytes of all weights together. */
export const totalBytes = (specs: readonly WeightSpec[]): number => specs.reduce((sum, { bytes }) => sum + bytes, 0);

function dequantize(stored: TensorData, dtype: WeightDtype, { scale, min }: Quantization): TensorData {
  const values = dtype === 'int32' ? new Int32Array(stored.length) : new Float32Array(stored.length);
  for (let i = 0; i < values.length; i++) {
    const value = Number(stored[i]) * scale! + min!;
    values[i] = dtype === 'int32' ? Math.round(value) : value;
  }
  return values;
}

/** Values of a weight from its stored bytes. */
export function decodeWeight({ name, shape, dtype, quantization }: WeightSpec, bytes: Uint8Array): StoredTensor {
  const stored = storedDtype[dtype];
  if (quantization === undefined) return { dtype: stored, shape, data: decodeTensorData(name, stored, bytes) };
  if (quantization.dtype === 'float16') return { dtype: stored, shape, data: decodeTensorData(name, 'F16', bytes) };
  const quantized = decodeTensorData(name, quantization.dtype === 'uint8' ? 'U8' : 'U16', bytes);
  return { dtype: stored, shape, data: dequantize(quantized, dtype, quantization) };
}

/**
 * The weights of loaded artifacts by name, without an optimiser's.
 *
 * @throws ModelFormatError when specs are malformed, come twice, or take more or fewer bytes than there are
 */
export function weightsOfArtifacts({ weightSpecs, weightData }: tf.io.ModelArtifacts): Map<string, StoredTensor> {
  if (!Array.isArray(weightSpecs) || weightData === undefined) {
    throw new ModelFormatError('weights/no-weights', 'expected a model with weights, got its topology alone');
  }
  const specs = (weightSpecs as unknown[]).map(parseWeightSpec);
  const buffers = new tf.io.CompositeArrayBuffer(weightData);
  requireTotal(specs, buffers.byteLength, 'the weights');
  const weights = new Map<string, StoredTensor>();
  let offset = 0;
  for (const spec of specs) {
    const end = offset + spec.bytes;
    if (spec.group !== 'optimizer') {
      if (weights.has(spec.name)) {
        throw new ModelFormatError(
          'weights/duplicate-name',
          `two weights have the name ${describeValue(spec.name)}; save the model again`,
        );
      }
      weights.set(spec.name, decodeWeight(spec, new Uint8Array(buffers.slice(offset, end))));
    }
    offset = end;
  }
  return weights;
}

/** Throws unless files hold exactly the bytes that the weights take. */
export function requireTotal(specs: readonly WeightSpec[], got: number, where: string): void {
  const expected = totalBytes(specs);
  if (got === expected) return;
  throw new ModelFormatError(
    got < expected ? 'weights/truncated' : 'weights/trailing-bytes',
    `${where}: expected ${expected} bytes for ${specs.length} weights, got ${got}; get the files again, all from one save`,
  );
}
