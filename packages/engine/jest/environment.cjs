// A jest environment in which native results are what tests expect them to be: `testEnvironment: '@tensor-papers/engine/jest-environment'`.
const { TestEnvironment } = require('jest-environment-node');
const util = require('node:util');

// Arrays that native code returns belong to the outer realm; without these `instanceof Float32Array` is false in tests.
const SHARED = [
  'ArrayBuffer',
  'SharedArrayBuffer',
  'DataView',
  'Int8Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
  'Float32Array',
  'Float64Array',
  'BigInt64Array',
  'BigUint64Array',
];

// tfjs-node 4.22 calls two helpers of which Node 22 warns and which Node 23 removed.
util.isNullOrUndefined = (value) => value === null || value === undefined;
util.isArray = Array.isArray;

// Tests see a copy of process.env; TensorFlow's library reads the real one.
process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
if (process.env.TENSOR_PAPERS_THREADS) {
  process.env.TF_NUM_INTRAOP_THREADS ??= process.env.TENSOR_PAPERS_THREADS;
  process.env.TF_NUM_INTEROP_THREADS ??= process.env.TENSOR_PAPERS_THREADS;
}

module.exports = class extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    for (const name of SHARED) this.global[name] = globalThis[name];
  }
};
