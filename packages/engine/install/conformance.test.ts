import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ConformanceTable } from '../src/conformance/table.js';

const cli = join(dirname(expect.getState().testPath!), 'cli.mjs');
const folder = mkdtempSync(join(tmpdir(), 'engine-conformance-'));
let table: ConformanceTable;
let printed: string;

/** The real package, from its sources. */
beforeAll(async () => {
  const file = join(folder, 'table.json');
  const args = ['--conditions=@tensor-papers/source', cli, 'conformance', '--stock', '--engine', 'wasm,cpu'];
  printed = await new Promise((resolve, reject) => {
    execFile(process.execPath, [...args, '--json', file], (error, stdout) => (error ? reject(error) : resolve(stdout)));
  });
  table = JSON.parse(readFileSync(file, 'utf8'));
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** `op direction: status` of what is not right. */
function defects(key: string): string[] {
  const found = table.cases.flatMap(({ op, results }) =>
    (['forward', 'gradient'] as const).flatMap((direction) => {
      const outcome = results[key]![direction];
      return outcome && outcome.status !== 'ok' ? [`${op} ${direction}: ${outcome.status}`] : [];
    }),
  );
  return [...new Set(found)].sort();
}

const everywhere = [
  ...['maximum', 'minimum', 'squaredDifference', 'cumsum', 'matMul', 'conv2d', 'derivative'].map(
    (op) => `${op} gradient: failed`,
  ),
  ...['einsum', 'stridedSlice', 'gatherND', 'scatterND'].map((op) => `${op} gradient: missing`),
  ...['mirrorPad', 'softmaxCrossEntropy'].map((op) => `${op} gradient: wrong`),
];

// What docs/engine-defects.md lists: a new version of TensorFlow.js that repairs one of them fails here.
describe('stock TensorFlow.js', () => {
  it('on wasm: kernels that are missing, and wrong numbers', () => {
    const missing = ['conv2d', 'conv2dTranspose', 'depthwiseConv2d', 'separableConv2d', 'gather', 'unsortedSegmentSum'];
    expect(defects('wasm/stock')).toEqual(
      [
        ...everywhere,
        ...missing.map((op) => `${op} gradient: missing`),
        ...['einsum', 'unsortedSegmentSum'].map((op) => `${op} forward: missing`),
        ...['avgPool', 'maxPool', 'resizeBilinear', 'resizeNearestNeighbor'].map((op) => `${op} gradient: wrong`),
        ...['oneHot', 'prelu'].map((op) => `${op} forward: wrong`),
      ].sort(),
    );
  });

  it('on cpu', () => {
    expect(defects('cpu/stock')).toEqual(
      [
        ...everywhere,
        ...['avgPool', 'resizeNearestNeighbor'].map((op) => `${op} gradient: wrong`),
        'resizeBilinear gradient: failed',
      ].sort(),
    );
  });
});

it('prints the numbers of the table', () => {
  const { forward, gradient } = table.summary['wasm/stock']!;
  expect(forward).toMatchObject({ wrong: 2, missing: 2 });
  const numbers = [forward, gradient].flatMap(({ ok, wrong, missing, failed }) => [ok, wrong, missing, failed]);
  expect(printed.replaceAll(/ +/g, ' ')).toContain(`wasm/stock ${numbers.join(' ')}`);
  expect(printed).toContain(
    "conv2d size 7, kernel 3, stride 1, same, gradient: missing: Kernel 'Conv2DBackpropFilter'",
  );
});
