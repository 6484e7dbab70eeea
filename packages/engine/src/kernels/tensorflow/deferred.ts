import * as tf from '@tensorflow/tfjs';
import type { NodeBackend } from './node-backend.js';

/**
 * A result that is computed when somebody reads it. A kernel whose result another kernel can take in as it reads its own input (batch
 * normalisation before ReLU, ReLU's gradient before that of batch normalisation) defers it: where the other kernel follows, the result is
 * never written to memory; where anything else reads it, it is computed then.
 */
export interface Deferred {
  /** Which computation it is, for the kernel that can take it in. */
  readonly kind: string;
  /** What it reads; held until it is computed or freed. */
  readonly inputs: Readonly<Record<string, tf.TensorInfo>>;
  /** With `addends`, where the computation can take them in, their sum with it. */
  compute(addends?: tf.TensorInfo[]): tf.Tensor;
}

/** What tfjs-node keeps of a tensor, and what is kept here beside it. */
interface Entry {
  id: number;
  deferred?: Deferred | undefined;
}

interface DataMap {
  has(dataId: object): boolean;
  get(dataId: object): Entry;
  set(dataId: object, entry: object): void;
}

/** What is used of the backend beside {@link NodeBackend}. */
interface DeferringBackend extends NodeBackend {
  readonly tensorMap: DataMap;
  getInputTensorIds(tensors: readonly tf.TensorInfo[]): number[];
  readSync(dataId: object): tf.TypedArray;
  disposeData(dataId: object, force?: boolean): boolean;
  incRef(dataId: object): void;
  refCount(dataId: object): number;
}

const internals = (backend: NodeBackend) => backend as DeferringBackend;

/** Makes the backend compute what was deferred before anything reads it. Called once, when the kernels that defer are registered. */
export function enableDeferring(backend: NodeBackend): void {
  const node = internals(backend);
  const { getInputTensorIds, readSync, disposeData } = node;
  node.getInputTensorIds = (tensors) => {
    for (const { dataId } of tensors) if (dataId) computeNow(node, dataId);
    return getInputTensorIds.call(node, tensors);
  };
  node.readSync = (dataId) => {
    computeNow(node, dataId);
    return readSync.call(node, dataId);
  };
  node.disposeData = (dataId, force) => {
    const entry = node.tensorMap.has(dataId) ? node.tensorMap.get(dataId) : undefined;
    const freed = disposeData.call(node, dataId, force);
    if (freed && entry?.deferred) release(node, entry);
    return freed;
  };
}

/** A tensor of float32 whose values are computed when they are read. */
export function defer(backend: NodeBackend, shape: readonly number[], deferred: Deferred): tf.TensorInfo {
  const node = internals(backend);
  const dataId = {};
  for (const input of Object.values(deferred.inputs)) node.incRef(input.dataId);
  node.tensorMap.set(dataId, { shape, dtype: node.binding.TF_FLOAT, values: null, id: -1, refCount: 1, deferred });
  return { dataId, shape: [...shape], dtype: 'float32' };
}

/** What was deferred and is not computed yet, if it is of that kind. */
export function deferredOf(backend: NodeBackend, { dataId }: tf.TensorInfo, kind: string): Deferred | undefined {
  const { tensorMap } = internals(backend);
  const deferred = tensorMap.has(dataId) ? tensorMap.get(dataId).deferred : undefined;
  return deferred?.kind === kind ? deferred : undefined;
}

function computeNow(node: DeferringBackend, dataId: object): void {
  const entry = node.tensorMap.has(dataId) ? node.tensorMap.get(dataId) : undefined;
  if (!entry?.deferred) return;
  const result = entry.deferred.compute();
  // The data go over to the tensor that was promised; the one that brought them ends without them.
  const computed = node.tensorMap.get(result.dataId);
  entry.id = computed.id;
  computed.id = -1;
  result.dispose();
  release(node, entry);
}

function release(node: DeferringBackend, entry: Entry): void {
  const inputs = Object.values(entry.deferred!.inputs);
  entry.deferred = undefined;
  const engine = tf.engine() as unknown as { removeDataId(dataId: object, backend: NodeBackend): void };
  for (const { dataId } of inputs) if (node.disposeData(dataId)) engine.removeDataId(dataId, node);
}
