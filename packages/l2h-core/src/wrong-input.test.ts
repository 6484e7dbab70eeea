import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomCodes } from '../test/codes.js';
import { clusteredVectors } from '../test/vectors.js';
import * as l2h from './index.js';
import { appendCodes, loadCodes, saveCodes } from './node.js';

/** What a caller without types may give where something else is expected. */
const anything: Readonly<Record<string, unknown>> = {
  undefined: undefined,
  null: null,
  true: true,
  "'64'": '64',
  "''": '',
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-1': -1,
  '0': 0,
  '1.5': 1.5,
  '64n': 64n,
  symbol: Symbol('64'),
  '[1, 2]': [1, 2],
  '{}': {},
  'an object without a prototype': Object.create(null),
  function: () => 1,
  'a map': new Map(),
  'a promise': Promise.resolve(1),
};

// biome-ignore lint/suspicious/noExplicitAny: what has a wrong type is what is tested.
type Wrong = any;

const folder = mkdtempSync(join(tmpdir(), 'l2h-wrong-input-'));
const file = join(folder, 'codes.l2h');
const vectors = clusteredVectors(40, 8, 1);
const codes = randomCodes(40, 40, 1);
const labels = Array.from({ length: 40 }, (_, i) => i % 3);
const hasher = new l2h.Itq({ bits: 4 });
const supervised = new l2h.Ksh({ bits: 4, anchors: 10 });
const lsh = new l2h.E2Lsh({ functions: 4, width: 2 });
const quantizers = {
  ProductQuantizer: new l2h.ProductQuantizer({ parts: 4, centroids: 8 }),
  OptimizedProductQuantizer: new l2h.OptimizedProductQuantizer({ parts: 4, centroids: 8, iterations: 1 }),
  CompositeQuantizer: new l2h.CompositeQuantizer({ parts: 4, centroids: 8, iterations: 1 }),
};
const pq = quantizers.ProductQuantizer;
const makeIndexes = () => ({
  FlatIndex: new l2h.FlatIndex({ bits: 40 }),
  ParallelFlatIndex: new l2h.ParallelFlatIndex({ bits: 40, workers: 0 }),
  MultiIndexHashing: new l2h.MultiIndexHashing({ bits: 40 }),
  HashTableIndex: new l2h.HashTableIndex({ bits: 40 }),
  IvfBinaryIndex: new l2h.IvfBinaryIndex({ bits: 40, lists: 2 }),
});
const makeVectorIndexes = () => ({
  PQIndex: new l2h.PQIndex(pq),
  IvfPQIndex: new l2h.IvfPQIndex({ quantizer: new l2h.ProductQuantizer({ parts: 4, centroids: 8 }), lists: 2 }),
});
const [indexes, vectorIndexes] = [makeIndexes(), makeVectorIndexes()];
const empty: Wrong = { ...makeIndexes(), ...makeVectorIndexes() };

beforeAll(async () => {
  lsh.fit(8);
  for (const learner of [hasher, ...Object.values(quantizers), vectorIndexes.IvfPQIndex]) await learner.fit(vectors);
  await indexes.IvfBinaryIndex.fit(codes);
  for (const index of Object.values(indexes)) index.add(codes);
  vectorIndexes.PQIndex.add(await pq.encode(vectors));
  await vectorIndexes.IvfPQIndex.add(vectors);
  await saveCodes(file, { codes });
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** A call with something wrong in one place, named as the message begins, and what is right there. */
type Call = readonly [name: string, call: (wrong: Wrong) => unknown, right?: readonly string[]];

const optional = ['undefined'];
const options = ['undefined', '{}', 'an object without a prototype'];
const orNull = ['undefined', 'null'];

const learners: Readonly<Record<string, Wrong>> = { Itq: hasher, ...quantizers };
const ofLearners = Object.entries(learners).flatMap(([name, learner]): Call[] => [
  [`${name}.fit`, (wrong) => learner.fit(wrong)],
  [`${name}.fit: options`, (wrong) => learner.fit(vectors, wrong), options],
  [`${name}.fit: seed`, (seed) => learner.fit(vectors, { seed }), ['undefined', '-1', '0']],
  [`${name}.fit: operations`, (operations) => learner.fit(vectors, { operations }), optional],
  [`${name}.fit: signal`, (signal) => learner.fit(vectors, { signal }), orNull],
  [`${name}.fit: progress`, (progress) => learner.fit(vectors, { progress }), [...orNull, 'function']],
  [`${name}.encode`, (wrong) => learner.encode(wrong)],
  [`${name}.encode: options`, (wrong) => learner.encode(vectors, wrong), options],
  [`${name}.encode: operations`, (operations) => learner.encode(vectors, { operations }), optional],
  [`${name}.encode: signal`, (signal) => learner.encode(vectors, { signal }), orNull],
]);

const ofQuantizers = Object.entries(quantizers).flatMap(([name, quantizer]): Call[] => [
  [`${name}.decode`, (wrong) => quantizer.decode(wrong)],
  [`${name}.tables`, (wrong) => quantizer.tables(wrong)],
]);

const query = randomCodes(1, 40, 2);
const noCodes = randomCodes(0, 40, 2);
const noBytes = (parts: number) => ({ n: 0, parts, bytes: new Uint8Array(0) });
const ofIndexes = Object.entries(indexes as Record<string, Wrong>).flatMap(([name, index]): Call[] => [
  [`${name}.add`, (wrong) => index.add(wrong)],
  [`${name}.add: ids`, (ids) => index.add(noCodes, ids), optional],
  [`${name}.remove`, (wrong) => empty[name].remove(wrong), ['[1, 2]', 'a map']],
  [`${name}.search`, (wrong) => index.search(wrong, 2)],
  [`${name}.search: k`, (k) => index.search(query, k)],
  [`${name}.search: options`, (wrong) => index.search(query, 2, wrong), options],
  [`${name}.search: filter`, (filter) => index.search(query, 2, { filter }), [...orNull, 'function']],
  [`${name}.search: rerank`, (rerank) => index.search(query, 2, { rerank }), optional],
  [`${name}.search: weights`, (weights) => index.search(query, 2, { rerank: { weights } })],
  [`${name}.rangeSearch`, (wrong) => index.rangeSearch(wrong, 2)],
  [`${name}.rangeSearch: radius`, (radius) => index.rangeSearch(query, radius), ['0']],
  [`${name}.rangeSearch: options`, (wrong) => index.rangeSearch(query, 2, wrong), options],
]);

const one = clusteredVectors(1, 8, 2);
const ofVectorIndexes = Object.entries(vectorIndexes as Record<string, Wrong>).flatMap(([name, index]): Call[] => [
  [`${name}.add`, (wrong) => index.add(wrong)],
  [`${name}.remove`, (wrong) => empty[name].remove(wrong), ['[1, 2]', 'a map']],
  [`${name}.search`, (wrong) => index.search(wrong, 2)],
  [`${name}.search: k`, (k) => index.search(one, k)],
  [`${name}.search: options`, (wrong) => index.search(one, 2, wrong), options],
  [`${name}.search: filter`, (filter) => index.search(one, 2, { filter }), [...orNull, 'function']],
  [`${name}.rangeSearch: radius`, (radius) => index.rangeSearch(one, radius), ['0', '1.5']],
]);

const withBits = ['SimHash', 'Pcah', 'SpectralHashing', 'Itq', 'CcaItq', 'Agh', 'Bre', 'Ksh', 'Sdh', 'Mlh'];
const withOptions = [
  ...withBits,
  ...Object.keys(indexes),
  'IvfPQIndex',
  'E2Lsh',
  'ProductQuantizer',
  'OptimizedProductQuantizer',
  'CompositeQuantizer',
];
const byName = l2h as Wrong;
const ofConstructors: Call[] = [
  ...withOptions.map((name): Call => [`new ${name}`, (wrong) => new byName[name](wrong)]),
  ...[...withBits, ...Object.keys(indexes)].map(
    (name): Call => [`new ${name}: bits`, (bits) => new byName[name]({ bits, lists: 2 })],
  ),
  ...withBits
    .filter((name) => name !== 'Bre')
    .map(
      (name): Call => [
        `new ${name}: normalize`,
        (normalize) => new byName[name]({ bits: 4, normalize }),
        ['undefined', 'true'],
      ],
    ),
  ['new SimHash: centre', (centre) => new l2h.SimHash({ bits: 4, centre }), ['undefined', 'true']],
  ['new Agh: layers', (layers) => new l2h.Agh({ bits: 4, layers }), optional],
  ['new FlatIndex: kernel', (kernel) => new l2h.FlatIndex({ bits: 4, kernel }), optional],
  ['new MultiIndexHashing: m', (m) => new l2h.MultiIndexHashing({ bits: 4, m }), optional],
  ['new HashTableIndex: tables', (tables) => new l2h.HashTableIndex({ bits: 4, tables }), optional],
  ['new HashTableIndex: bitSets', (bitSets) => new l2h.HashTableIndex({ bits: 4, bitSets }), optional],
  ['new HashTableIndex: a set of bits', (set) => new l2h.HashTableIndex({ bits: 4, bitSets: [set] }), ['[1, 2]']],
  ['new ParallelFlatIndex: workers', (workers) => new l2h.ParallelFlatIndex({ bits: 4, workers }), ['undefined', '0']],
  ['new IvfBinaryIndex: lists', (lists) => new l2h.IvfBinaryIndex({ bits: 4, lists })],
  ['new IvfPQIndex: quantizer', (quantizer) => new l2h.IvfPQIndex({ quantizer, lists: 2 })],
  ['new PQIndex', (wrong) => new l2h.PQIndex(wrong)],
  ['new PQIndex: options', (wrong) => new l2h.PQIndex(pq, wrong), options],
  ['ProductQuantizer.fromCodebooks', (wrong) => l2h.ProductQuantizer.fromCodebooks(wrong)],
];

const ofJson = [...withBits, 'ProductQuantizer', 'OptimizedProductQuantizer', 'CompositeQuantizer', 'E2Lsh']
  .concat('IvfPQIndex', 'IvfBinaryIndex')
  .map((name): Call => [`${name}.fromJson`, (wrong) => byName[name].fromJson(wrong)]);

const words = (i: number) => codes.words.subarray(2 * i, 2 * i + 2);
const ones = new Array<number>(40).fill(1);
const relevance = { queryLabels: labels, databaseLabels: labels };
const compared = { queryCodes: codes, dbCodes: codes, relevance };
const probing = { margins: ones, probes: 2 };
const table = indexes.HashTableIndex;
const inFolder = (path: Wrong) => (path === '64' ? file : path);
const ofFunctions: Call[] = [
  ['Ksh.fit: labels', (wrong) => supervised.fit(vectors, { labels: wrong })],
  ['E2Lsh.fit', (wrong) => new l2h.E2Lsh({ functions: 4, width: 2 }).fit(wrong)],
  ['E2Lsh.hash', (wrong) => lsh.hash(wrong)],
  ['IvfBinaryIndex.fit', (wrong) => new l2h.IvfBinaryIndex({ bits: 40, lists: 2 }).fit(wrong)],
  ['IvfBinaryIndex.search: probes', (probes) => indexes.IvfBinaryIndex.search(query, 1, { probes }), optional],
  ['PQIndex.add: ids', (ids) => vectorIndexes.PQIndex.add(noBytes(4), ids), optional],
  ['IvfPQIndex.add: ids', (ids) => vectorIndexes.IvfPQIndex.addCodes(noBytes(6), ids), optional],
  ['IvfPQIndex.addCodes', (wrong) => vectorIndexes.IvfPQIndex.addCodes(wrong)],
  ['HashTableIndex.search: probing', (wrong) => table.search(query, 1, { probing: wrong }), optional],
  ['HashTableIndex.search: margins', (margins) => table.search(query, 1, { probing: { ...probing, margins } })],
  ['HashTableIndex.search: probes', (probes) => table.search(query, 1, { probing: { ...probing, probes } })],
  ['hasherFromJson', (wrong) => l2h.hasherFromJson(wrong)],
  ['quantizerFromJson', (wrong) => l2h.quantizerFromJson(wrong)],
  ['packSigns', (wrong) => l2h.packSigns(wrong, 2), ['[1, 2]']],
  ['packSigns: bits', (bits) => l2h.packSigns([1, 2], bits)],
  ['unpackSigns', (wrong) => l2h.unpackSigns(wrong)],
  ['takeCodes', (wrong) => l2h.takeCodes(wrong, [0])],
  ['takeCodes: indices', (wrong) => l2h.takeCodes(codes, wrong), ['[1, 2]']],
  ['codesToBytes', (wrong) => l2h.codesToBytes(wrong)],
  ['codesFromBytes', (wrong) => l2h.codesFromBytes(wrong, 8)],
  ['codesFromBytes: bits', (bits) => l2h.codesFromBytes(Uint8Array.of(1), bits)],
  ['hamming: first', (wrong) => l2h.hamming(wrong, words(0))],
  ['hamming: second', (wrong) => l2h.hamming(words(0), wrong)],
  ['hamming: both', (wrong) => l2h.hamming(wrong, wrong)],
  ['hammingAll: query', (wrong) => l2h.hammingAll(wrong, codes)],
  ['hammingAll: codes', (wrong) => l2h.hammingAll(words(0), wrong)],
  ['hammingAll: out', (out) => l2h.hammingAll(words(0), codes, out), orNull],
  ['weightedHamming: query', (wrong) => l2h.weightedHamming(wrong, codes, ones)],
  ['weightedHamming: codes', (wrong) => l2h.weightedHamming(words(0), wrong, ones)],
  ['weightedHamming: weights', (wrong) => l2h.weightedHamming(words(0), codes, wrong)],
  ['weightedHamming: out', (out) => l2h.weightedHamming(words(0), codes, ones, out), orNull],
  ['weightedTables', (wrong) => l2h.weightedTables(wrong), ['[1, 2]']],
  ['asymmetricDistances', (wrong) => l2h.asymmetricDistances(wrong, codes)],
  ['asymmetricDistances: codes', (wrong) => l2h.asymmetricDistances(ones, wrong)],
  [
    'asymmetricDistances: alpha',
    (wrong) => l2h.asymmetricDistances(ones, codes, wrong),
    ['undefined', '-1', '0', '1.5'],
  ],
  ['topK', (wrong) => l2h.topK(wrong, 1), ['[1, 2]']],
  ['topK: k', (k) => l2h.topK([1, 2], k)],
  ['multiProbe: key', (key) => l2h.multiProbe(key, [1, 2], 2), ['-1', '0']],
  ['multiProbe: margins', (wrong) => l2h.multiProbe(1, wrong, 2), ['[1, 2]']],
  ['multiProbe: probes', (probes) => l2h.multiProbe(1, [1, 2], probes)],
  ['multiProbe: options', (wrong) => l2h.multiProbe(1, [1, 2], 2, wrong), options],
  ['multiProbe: cost', (cost) => l2h.multiProbe(1, [1, 2], 2, { cost }), optional],
  ['angleOfDistance', (wrong) => l2h.angleOfDistance(wrong, 4), ['0', '1.5']],
  ['distanceOfAngle', (wrong) => l2h.distanceOfAngle(wrong, 4), ['0', '1.5']],
  ['sampleRows', (wrong) => l2h.sampleRows(wrong, 3)],
  ['sampleRows: count', (count) => l2h.sampleRows([vectors], count)],
  ['sampleRows: options', (wrong) => l2h.sampleRows([vectors], 3, wrong), options],
  ['sampleRows: seed', (seed) => l2h.sampleRows([vectors], 3, { seed }), ['undefined', '-1', '0', "'64'", "''"]],
  ['evaluate', (wrong) => l2h.evaluate(wrong)],
  ['evaluate: codes', (queryCodes) => l2h.evaluate({ ...compared, queryCodes })],
  ['evaluate: relevance', (wrong) => l2h.evaluate({ ...compared, relevance: wrong }), ['function']],
  ['evaluate: labels', (queryLabels) => l2h.evaluate({ ...compared, relevance: { ...relevance, queryLabels } })],
  ['evaluate: neighbors', (neighbors) => l2h.evaluate({ ...compared, relevance: { neighbors } })],
  [
    'evaluate: a list of neighbors',
    (list) => l2h.evaluate({ ...compared, relevance: { neighbors: labels.map(() => list) } }),
    ['[1, 2]'],
  ],
  ['evaluate: self', (self) => l2h.evaluate({ ...compared, self }), orNull],
  ['evaluate: options', (wrong) => l2h.evaluate(compared, wrong), options],
  ['evaluate: at', (at) => l2h.evaluate(compared, { at }), ['undefined', '[1, 2]']],
  ['encodeCodeFile', (wrong) => l2h.encodeCodeFile(wrong)],
  ['encodeCodeFile: codes', (wrong) => l2h.encodeCodeFile({ codes: wrong })],
  ['encodeCodeFile: ids', (ids) => l2h.encodeCodeFile({ codes, ids }), optional],
  ['encodeCodeFile: model', (model) => l2h.encodeCodeFile({ codes, model }), orNull],
  ['decodeCodeFile', (wrong) => l2h.decodeCodeFile(wrong)],
  ['encodeFaissBinary', (wrong) => l2h.encodeFaissBinary(wrong)],
  ['encodeFaissBinary: ids', (ids) => l2h.encodeFaissBinary(codes, ids), optional],
  ['decodeFaissBinary', (wrong) => l2h.decodeFaissBinary(wrong)],
  ['encodeFaissPq', (wrong) => l2h.encodeFaissPq(wrong, { n: 0, parts: 1, bytes: new Uint8Array(0) })],
  ['decodeFaissPq', (wrong) => l2h.decodeFaissPq(wrong)],
  ['saveCodes', (wrong) => saveCodes(file, wrong)],
  ['saveCodes: path', (path) => saveCodes(inFolder(path), { codes }), ["'64'"]],
  ['loadCodes: path', (path) => loadCodes(path)],
  ['appendCodes: path', (path) => appendCodes(inFolder(path), codes), ["'64'"]],
  ['appendCodes', (wrong) => appendCodes(file, wrong)],
  ['appendCodes: ids', (ids) => appendCodes(file, codes, ids), optional],
];

const calls = [...ofConstructors, ...ofJson, ...ofLearners, ...ofQuantizers, ...ofIndexes, ...ofVectorIndexes];

/** What a call throws, at once or later. */
const failure = async (call: () => unknown): Promise<unknown> => {
  try {
    await call();
  } catch (error) {
    return error;
  }
  return 'nothing was thrown';
};

/** What was expected and what came, or a sentence in which both are one. */
const both = /expected .*\bgot \S|pass labels|no memory for \d|cannot be read \(ENOENT\)/;

describe('whatever comes instead, the error has a code and says whose it is, what was expected and what came', () => {
  it.each([...calls, ...ofFunctions])('%s', async (title, call, right = []) => {
    const [owner] = title.replace('new ', '').split(/\W/);
    for (const [name, given] of Object.entries(anything)) {
      const error = (await failure(() => call(given))) as l2h.HashError;
      if (right.includes(name)) {
        expect([name, error]).toEqual([name, 'nothing was thrown']);
        continue;
      }
      expect([name, error]).toEqual([name, expect.any(l2h.HashError)]);
      expect([name, error.code]).toEqual([name, expect.stringMatching(/^l2h\//)]);
      expect([name, error.message]).toEqual([name, expect.stringMatching(both)]);
      if (error.code === 'l2h/file-access') continue;
      expect([name, error.message]).toEqual([name, expect.stringMatching(new RegExp(`^${owner}\\b`))]);
    }
  });
});

const matrix = (rows: unknown, columns: unknown, values: unknown): Wrong => ({ rows, columns, values });
const withHole = { ...one, values: one.values.map((value, i) => (i === 3 ? Number.NaN : value)) };

/** JSON of something fitted, without a field. */
const without = (field: string, fitted: Wrong): Wrong => ({ ...fitted.toJSON(), [field]: undefined });
const lacks = (name: string, field: string) =>
  `${name}.fromJson: expected an object as ${field}, got undefined; was it written by toJSON()?`;
const fromCodebooks = (wrong: object) => l2h.ProductQuantizer.fromCodebooks({ ...pq.codebooks, ...wrong } as Wrong);

const messages: readonly (readonly [name: string, call: () => unknown, message: string])[] = [
  ['a text for a number', () => new l2h.Itq({ bits: '64' as Wrong }), "at least 1, got the string '64'"],
  ['a text for bits of an index', () => new l2h.FlatIndex({ bits: '64' as Wrong }), "1 … 4096, got the string '64'"],
  ['no options', () => new byName.Itq(), 'Itq: expected an object such as { bits: 64 }, got undefined'],
  ['a number for options', () => new byName.Itq(64), 'such as { bits: 64 }, got 64'],
  ['an option that does not say yes or no', () => new byName.Itq({ bits: 4, normalize: 'false' }), 'true or false'],
  ['a matrix without rows', () => hasher.encode(matrix(0, 8, new Float32Array(0))), 'at least one vector'],
  [
    'a matrix without rows to learn from',
    () => hasher.fit(matrix(0, 8, new Float32Array(0))),
    'got 0 of 8; leave empty',
  ],
  ['a query without rows', () => vectorIndexes.PQIndex.search(matrix(0, 8, new Float32Array(0)), 1), 'got 0 of 8'],
  ['nothing to add', () => vectorIndexes.IvfPQIndex.add(matrix(0, 8, new Float32Array(0))), 'got 0 of 8'],
  ['a matrix that is too short', () => hasher.encode(matrix(2, 8, new Float32Array(15))), '2 × 8 values, got 15'],
  [
    'arrays for vectors',
    () => hasher.encode([[1, 2]] as Wrong),
    'createMatrix of @tensor-papers/numerics/linalg makes',
  ],
  ['numbers in an array', () => hasher.encode(matrix(1, 2, [1, 2])), 'got { rows: 1, columns: 2, values: an Array }'],
  [
    'a text for rows',
    () => hasher.encode(matrix('1', 1, new Float32Array(1))),
    "got { rows: the string '1', columns: 1",
  ],
  ['codes for vectors', () => hasher.encode(codes as Wrong), 'got { n: 40, bits: 40, words: a Uint32Array }'],
  ['NaN in a query', () => vectorIndexes.PQIndex.search(withHole, 1), 'got NaN in vector 0, column 3'],
  ['NaN in a query of tables', () => pq.tables(withHole.values), 'got NaN in column 3'],
  [
    'vectors for codes',
    () => indexes.FlatIndex.add(vectors as Wrong),
    'got { rows: 40, columns: 8, values: a Float32Array }',
  ],
  ['a promise of codes', () => indexes.FlatIndex.add(hasher.encode(one) as Wrong), 'a Promise; is an await missing?'],
  ['codes of another width', () => indexes.FlatIndex.search(randomCodes(1, 8, 1), 1), 'codes of 40 bits, got 8'],
  ['binary codes for quantised ones', () => vectorIndexes.PQIndex.add(codes as Wrong), 'bytes, got { n: 40, bits: 40'],
  [
    'more memory than there is',
    () => indexes.FlatIndex.search(query, 2 ** 52),
    'no memory for 4503599627370496 places',
  ],
  ['a matrix for blocks', () => l2h.sampleRows(vectors as Wrong, 3), '[vectors] for a single matrix'],
  ['a set as a filter', () => indexes.FlatIndex.search(query, 1, { filter: new Set() as Wrong }), 'got a Set'],
  ['a bitmap as a filter', () => vectorIndexes.PQIndex.search(one, 1, { filter: words(0) as Wrong }), 'a Uint32Array'],
  ['a filter for options', () => indexes.FlatIndex.search(query, 1, (() => true) as Wrong), 'options, got a Function'],
  [
    'a controller for a signal',
    () => hasher.fit(vectors, { signal: new AbortController() as Wrong }),
    'the signal of an',
  ],
  ['labels that are texts', () => supervised.fit(vectors, { labels: labels.map(String) as Wrong }), "the string '0'"],
  ['a set of labels', () => supervised.fit(vectors, { labels: new Set(labels) as Wrong }), 'class ids, got a Set'],
  ['labels for options', () => supervised.fit(vectors, labels as Wrong), 'an object of options, got an Array'],
  ['text for JSON', () => l2h.hasherFromJson(JSON.stringify(hasher) as Wrong), 'JSON.parse it first'],
  ['JSON of something else', () => l2h.Pcah.fromJson(hasher.toJSON()), 'kind pcah, version 1, got itq, version 1'],
  ['ids that are texts', () => indexes.FlatIndex.remove(['1'] as Wrong), "are numbers, got the string '1' at 0"],
  ['codes that are none of the set', () => l2h.takeCodes(codes, [0, 40]), 'among 40 codes, from 0, got 40 at 1'],
  ['codes of whole sets', () => l2h.hamming(codes as Wrong, codes as Wrong), 'the words of one code as a Uint32Array'],
  ['distances beyond a byte', () => l2h.hammingAll(words(0), codes, new Uint8Array(40) as Wrong), 'got a Uint8Array'],
  ['negative lengths', () => l2h.takeCodes(codes, { length: -1 }), 'array of numbers, got { length: -1 }'],
  ['JSON of a hasher without its options', () => l2h.Itq.fromJson(without('options', hasher)), lacks('Itq', 'options')],
  ['JSON of a hasher without its model', () => l2h.Itq.fromJson(without('model', hasher)), lacks('Itq', 'model')],
  ['JSON of functions without options', () => l2h.E2Lsh.fromJson(without('options', lsh)), lacks('E2Lsh', 'options')],
  [
    'JSON of an index that does not say whether codes are residuals',
    () => l2h.IvfPQIndex.fromJson(without('residuals', vectorIndexes.IvfPQIndex)),
    'IvfPQIndex.fromJson: expected true or false as residuals, got undefined; was it written by toJSON()?',
  ],
  [
    'JSON of an index without its quantiser',
    () => l2h.IvfPQIndex.fromJson(without('quantizer', vectorIndexes.IvfPQIndex)),
    lacks('IvfPQIndex', 'quantizer'),
  ],
  [
    'codebooks that are too short',
    () => fromCodebooks({ values: new Float64Array(3) }),
    'ProductQuantizer.fromCodebooks: values: expected a Float64Array of parts × centroids × width = 64 numbers, got 3',
  ],
  ['codebooks in float32', () => fromCodebooks({ values: new Float32Array(64) }), '64 numbers, got a Float32Array'],
  [
    'codebooks with a hole',
    () => fromCodebooks({ values: pq.codebooks.values.with(5, Number.NaN) }),
    'values: expected finite numbers, got NaN at 5',
  ],
  [
    'codebooks that do not say how many centroids',
    () => fromCodebooks({ centroids: undefined }),
    'ProductQuantizer.fromCodebooks: centroids: expected an integer in 1 … 256, got undefined',
  ],
  [
    'a number for the bits of a table',
    () => new l2h.HashTableIndex({ bits: 4, bitSets: [[0, 1], 2] as Wrong }),
    'HashTableIndex: bitSets: expected an array of bits for each table, got 2 for table 1',
  ],
  [
    'bits that codes do not have',
    () => new l2h.HashTableIndex({ bits: 4, bitSets: [[0], [1, 4]] }),
    '1 … 32 different bits of 0 … 3 a table, got [1, 4] for table 1',
  ],
  [
    'more bits than a key has',
    () => new l2h.HashTableIndex({ bits: 40, bitSets: [{ length: 2 ** 50 }] }),
    'HashTableIndex: bitSets: expected 1 … 32 different bits of 0 … 39 a table, got [undefined, ',
  ],
  ['weights below 0', () => l2h.weightedTables([-1]), 'weightedTables: weights: expected finite numbers of 0 or above'],
  [
    'weights of a distance below 0',
    () => l2h.weightedHamming(words(0), codes, ones.with(2, -1)),
    'weightedHamming: weights: expected finite numbers of 0 or above, got -1 for bit 2',
  ],
  [
    'weights of a search below 0',
    () => indexes.MultiIndexHashing.search(query, 1, { rerank: { weights: ones.with(2, -1) } }),
    'MultiIndexHashing.search: rerank: weights: expected finite numbers of 0 or above, got -1 for bit 2',
  ],
  [
    'no kernel',
    () => new l2h.FlatIndex({ bits: 4, kernel: 'c' as Wrong }),
    "FlatIndex: kernel: expected 'wasm' or 'js'",
  ],
  [
    'substrings that are too many',
    () => new l2h.MultiIndexHashing({ bits: 4, m: 5 }),
    'MultiIndexHashing: m: expected an integer in 1 … 4, got 5',
  ],
  [
    'another start',
    () => new l2h.OptimizedProductQuantizer({ parts: 4, start: 'pca' as Wrong }),
    'OptimizedProductQuantizer: start: expected one of',
  ],
  [
    'vectors that parts do not divide',
    () => new l2h.CompositeQuantizer({ parts: 3 }).fit(vectors),
    'CompositeQuantizer.fit: expected vectors whose dimension is a multiple of 3 parts, got 8',
  ],
  ['places below −1', () => l2h.evaluate({ ...compared, self: labels.map(() => -7) }), 'or −1, got -7 for query 0'],
  ['too few weights', () => l2h.weightedHamming(words(0), codes, [1]), 'weights: expected 40 numbers, one a bit'],
  ['bytes beyond a byte', () => l2h.codesFromBytes([300] as Wrong, 8), 'expected a Uint8Array, got an Array'],
  ['places beyond the database', () => l2h.evaluate({ ...compared, self: labels.map(() => 40) }), 'got 40 for query 0'],
  [
    'codes for a collection',
    () => saveCodes(file, codes as Wrong),
    'saveCodes: expected an object such as { codes, ids',
  ],
  ['an index for a model', () => saveCodes(file, { codes, model: indexes.IvfBinaryIndex as Wrong }), 'fitted hasher'],
  [
    'functions for a model',
    () => l2h.encodeCodeFile({ codes, model: lsh as Wrong }),
    'model: expected a fitted hasher',
  ],
  [
    'a fraction of a byte',
    () => l2h.encodeCodeFile({ codes: { n: 2, parts: 0.5, bytes: new Uint8Array(1) } }),
    'parts: 0.5',
  ],
  ['an address for a path', () => loadCodes(pathToFileURL(file) as Wrong), 'a URL; fileURLToPath of node:url gives'],
];

describe('what a reader is told', () => {
  it.each(messages)('%s', async (_, call, message) => {
    const error = (await failure(call)) as l2h.HashError;
    expect(error).toBeInstanceOf(l2h.HashError);
    expect(error.message).toContain(message);
  });

  it('of files and folders that are not there: which, and what to do', async () => {
    const told = async (call: () => unknown) => ((await failure(call)) as Error).message;
    const [none, deep] = [join(folder, 'none.l2h'), join(folder, 'no', 'codes.l2h')];
    const noFile = `there is no such file in ${folder}; saveCodes writes one`;
    const noFolder = `cannot be written (ENOENT): there is no folder ${join(folder, 'no')}; make it first`;
    expect(await told(() => loadCodes(none))).toBe(`${none} cannot be read (ENOENT): ${noFile}`);
    expect(await told(() => appendCodes(none, codes))).toBe(`${none} cannot be written (ENOENT): ${noFile}`);
    expect(await told(() => saveCodes(deep, { codes }))).toBe(`${deep} ${noFolder}`);
    expect(await told(() => appendCodes(deep, codes))).toBe(`${deep} ${noFolder}`);
    expect(await told(() => loadCodes(folder))).toBe(
      `${folder} cannot be read (EISDIR): it is a folder; name a file in it`,
    );
    expect(readdirSync(folder)).toEqual(['codes.l2h']);
  });
});

describe('a k above the number of codes', () => {
  it.each(Object.entries(indexes))('%s: places without a code have id −1 and distance −1', async (_, index) => {
    const { ids, distances } = await index.search(query, 50, { probes: 2 } as Wrong);
    const found = ids.filter((id) => id >= 0).length;
    expect([ids.length, distances.length]).toEqual([50, 50]);
    expect(found).toBeLessThanOrEqual(40);
    expect(Array.from(ids.subarray(found))).toEqual(new Array(50 - found).fill(-1));
    expect(Array.from(distances.subarray(found))).toEqual(new Array(50 - found).fill(-1));
  });

  it.each(Object.entries(vectorIndexes))('%s: places without a code have id −1 and distance ∞', async (_, index) => {
    const { ids, distances } = await index.search(one, 50, { probes: 2 } as Wrong);
    expect(ids.filter((id) => id >= 0).length).toBe(40);
    expect(Array.from(ids.subarray(40))).toEqual(new Array(10).fill(-1));
    expect(Array.from(distances.subarray(40))).toEqual(new Array(10).fill(Number.POSITIVE_INFINITY));
  });

  it('an index without codes finds nothing', async () => {
    const { ids, distances } = await new l2h.PQIndex(pq).search(one, 2);
    expect([ids, distances]).toEqual([Float64Array.of(-1, -1), new Float64Array(2).fill(Number.POSITIVE_INFINITY)]);
  });
});
