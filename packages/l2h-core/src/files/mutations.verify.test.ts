import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createMatrix, type Matrix } from '@tensor-papers/numerics/linalg';
import { createRng } from '@tensor-papers/numerics/random';
import { randomCodes } from '../../test/codes.js';
import { forge, type Mutation, mutate } from '../../test/file-mutations.js';
import { clusteredVectors } from '../../test/vectors.js';
import { type Codes, packSigns, requireCodes, unpackSigns } from '../codes/codes.js';
import { HashError } from '../errors.js';
import { Agh } from '../hashers/agh.js';
import { Bre } from '../hashers/bre.js';
import { CcaItq } from '../hashers/cca-itq.js';
import { Itq } from '../hashers/itq.js';
import { Ksh } from '../hashers/ksh.js';
import { Mlh } from '../hashers/mlh.js';
import { Pcah } from '../hashers/pcah.js';
import { Sdh } from '../hashers/sdh.js';
import { SimHash } from '../hashers/sim-hash.js';
import { SpectralHashing } from '../hashers/spectral-hashing.js';
import { CompositeQuantizer } from '../quantizers/composite-quantizer.js';
import { OptimizedProductQuantizer } from '../quantizers/optimized-product-quantizer.js';
import { ProductQuantizer } from '../quantizers/product-quantizer.js';
import type { QuantizedCodes } from '../quantizers/quantizer.js';
import { decodeCodeFile, encodeCodeFile, type LoadedCodes } from './code-file.js';
import { decodeFaissBinary, decodeFaissPq, type FaissBinary, type FaissPq } from './faiss.js';
import { appendCodes, loadCodes, saveCodes } from './node.js';

const fixture = (name: string) => new Uint8Array(readFileSync(join(__dirname, '..', '..', 'fixtures', name)));
const faissFiles = ['faiss-binary-flat', 'faiss-binary-id-map', 'faiss-pq', 'faiss-pq-id-map'] as const;

let folder: string;
let vectors: Matrix;
/** Files of codes by what they hold. */
let corpus: ReadonlyMap<string, Uint8Array>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'l2h-mutations-'));
  vectors = clusteredVectors(60, 8, 1);
  corpus = new Map([
    ['v1-binary', fixture('v1-binary.l2h')],
    ['v1-quantized', fixture('v1-quantized.l2h')],
    ['codes alone', encodeCodeFile({ codes: randomCodes(20, 100, 1) })],
    ['none', encodeCodeFile({ codes: randomCodes(0, 64, 1), ids: [] })],
    ['the same with other ids', encodeCodeFile({ codes: randomCodes(20, 64, 2), ids: countedFrom(100, 20) })],
    ['the same with other codes', encodeCodeFile({ codes: randomCodes(20, 64, 3), ids: countedFrom(200, 20) })],
  ]);
  const added = new Map(corpus);
  const labels = Int32Array.from({ length: 60 }, (_, i) => i % 5);
  const hashers = [
    new Itq({ bits: 6 }),
    new SpectralHashing({ bits: 9 }),
    new SimHash({ bits: 45 }),
    new Pcah({ bits: 5 }),
    new CcaItq({ bits: 4 }),
    new Agh({ bits: 4, anchors: 10 }),
    new Ksh({ bits: 4, anchors: 10 }),
    new Sdh({ bits: 6, anchors: 10 }),
    new Mlh({ bits: 8, pairs: 200 }),
    new Bre({ bits: 4, anchors: 10 }),
  ];
  for (const hasher of hashers) {
    await hasher.fit(vectors, { labels });
    added.set(hasher.kind, await appended(hasher.kind, await hasher.encode(vectors), hasher));
  }
  const quantizers = [
    new ProductQuantizer({ parts: 4, centroids: 8 }),
    new OptimizedProductQuantizer({ parts: 2, centroids: 16, iterations: 3 }),
    new CompositeQuantizer({ parts: 2, centroids: 8, iterations: 2 }),
  ];
  for (const quantizer of quantizers) {
    await quantizer.fit(vectors);
    added.set(quantizer.kind, await appended(quantizer.kind, await quantizer.encode(vectors), quantizer));
  }
  corpus = added;
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

const countedFrom = (first: number, count: number) => Array.from({ length: count }, (_, i) => first + i);

/** A file of these codes that was written in three pieces; every second one gives ids. */
async function appended(
  name: string,
  codes: Codes | QuantizedCodes,
  model: NonNullable<LoadedCodes['model']>,
): Promise<Uint8Array> {
  const file = join(folder, `${name}.l2h`);
  const givesIds = name.length % 2 === 0;
  const pieces = [
    [0, 30],
    [30, 31],
    [31, 60],
  ] as const;
  for (const [from, to] of pieces) {
    const ids = givesIds ? countedFrom(1000 - from, to - from) : undefined;
    if (from === 0) await saveCodes(file, { codes: part(codes, from, to), model, ...(ids && { ids }) });
    else await appendCodes(file, part(codes, from, to), ids);
  }
  return new Uint8Array(readFileSync(file));
}

function part(codes: Codes | QuantizedCodes, from: number, to: number): Codes | QuantizedCodes {
  if ('bytes' in codes) {
    return { n: to - from, parts: codes.parts, bytes: codes.bytes.slice(from * codes.parts, to * codes.parts) };
  }
  return packSigns(unpackSigns(codes).subarray(from * codes.bits, to * codes.bits), codes.bits);
}

/** Everything that a reader gets, as a text. */
function answerOf({ codes, ids, model }: LoadedCodes): string {
  const { n, ...shape } = codes;
  return JSON.stringify({
    n,
    shape: 'words' in shape ? [shape.bits, ...shape.words] : [shape.parts, ...shape.bytes],
    ids: [...ids],
    model,
  });
}

const megabyte = 2 ** 20;

/** Decodes within bounds of time and memory; the answer, or undefined for an error of a file. Throws for whatever else. */
function outcomeOf<Answer>(
  { how, bytes }: Mutation,
  decode: (bytes: Uint8Array) => Answer,
  codes = /^l2h\/file-/,
): Answer | undefined {
  const memory = process.memoryUsage();
  const started = performance.now();
  let answer: Answer | undefined;
  try {
    answer = decode(bytes);
  } catch (error) {
    const isTyped = error instanceof HashError && codes.test(error.code) && error.message.length < 500;
    if (!isTyped) throw new Error(`${how}: ${error}`, { cause: error });
  }
  const milliseconds = performance.now() - started;
  const { arrayBuffers, heapUsed } = process.memoryUsage();
  const grown = arrayBuffers - memory.arrayBuffers + Math.max(0, heapUsed - memory.heapUsed);
  if (milliseconds > 2000 || grown > 32 * megabyte) {
    throw new Error(`${how}: took ${milliseconds} ms and ${grown} bytes for a file of ${bytes.length}`);
  }
  return answer;
}

/** Throws unless what was read can be used without looking at it again. */
function requireWhole({ codes, ids, model }: LoadedCodes, how: string): void {
  if ('words' in codes) {
    requireCodes(how, codes);
    expect(packSigns(unpackSigns(codes), codes.bits)).toEqual(codes);
  } else expect({ how, bytes: codes.bytes.length }).toEqual({ how, bytes: codes.n * codes.parts });
  expect({ how, ids: ids.length }).toEqual({ how, ids: codes.n });
  expect(ids.every(Number.isSafeInteger)).toBe(true);
  if (model)
    expect('bits' in model ? { bits: model.bits } : { parts: model.parts }).toEqual(
      'bits' in codes ? { bits: codes.bits } : { parts: codes.parts },
    );
}

describe('files of codes', () => {
  it('10,000 times cut off, changed or mixed with others: an error or the right answer', () => {
    const files = [...corpus.entries()];
    const faiss = faissFiles.map((name) => fixture(`${name}.faiss`));
    const others = [...corpus.values(), ...faiss];
    const answers = new Map(files.map(([name, bytes]) => [name, answerOf(decodeCodeFile(bytes))]));
    const right = new Set(answers.values());
    const seen = new Map<string, { errors: number; answers: number }>();
    const rng = createRng('mutations of files of codes');
    for (let i = 0; i < 10_000; i++) {
      const [name, bytes] = files[i % files.length]!;
      const mutation = mutate(bytes, others, rng);
      const got = outcomeOf(mutation, (changed) => decodeCodeFile(changed, name));
      const count = seen.get(mutation.how) ?? { errors: 0, answers: 0 };
      seen.set(mutation.how, count);
      if (got === undefined) count.errors++;
      else {
        count.answers++;
        const answer = answerOf(got);
        // Of another file from the very start, or of one whose start is the same, the answer is that of the other file.
        const isRight = answer === answers.get(name) || (mutation.how.startsWith('another file') && right.has(answer));
        if (!isRight)
          expect({ name, how: mutation.how, i, answer }).toEqual({
            name,
            how: mutation.how,
            i,
            answer: answers.get(name),
          });
      }
    }
    expect(seen.size).toBeGreaterThanOrEqual(17);
    for (const [how, { errors, answers: kept }] of seen) {
      // All kinds of change are found; what is behind the end or between blocks may be anything.
      if (how === 'bytes behind the end') expect(errors).toBe(0);
      else expect({ how, found: errors > kept }).toEqual({ how, found: true });
    }
  });

  it('5,000 times forged, with checksums that fit: an error, or something whole', async () => {
    const files = [...corpus.values()];
    const rng = createRng('forged files of codes');
    let [errors, answers] = [0, 0];
    for (let i = 0; i < 5000; i++) {
      const forged = forge(files[i % files.length]!, rng);
      const got = outcomeOf(forged, (bytes) => decodeCodeFile(bytes, 'forged.l2h'));
      if (got === undefined) {
        errors++;
        continue;
      }
      answers++;
      requireWhole(got, forged.how);
      const { model } = got;
      if (!model?.dimensions || model.dimensions > 100) continue;
      const asked = createMatrix(new Float32Array(3 * model.dimensions).fill(0.5), 3);
      const started = performance.now();
      const made = await model.encode(asked).catch((error: unknown) => {
        if (error instanceof HashError) return undefined;
        throw new Error(`${forged.how}: ${error}`, { cause: error });
      });
      if (made) expect(made.n).toBe(3);
      if (performance.now() - started > 2000) throw new Error(`${forged.how}: encoding hangs`);
    }
    expect(errors).toBeGreaterThan(2000);
    expect(answers).toBeGreaterThan(300);
  });

  it('1,500 times changed on the disk: loading and appending are errors, or all is there; a refused file stays as it was', async () => {
    const files = [...corpus.entries()];
    const rng = createRng('mutations on the disk');
    const file = join(folder, 'changed.l2h');
    const others = [...corpus.values()];
    let appendedTo = 0;
    for (let i = 0; i < 1500; i++) {
      const [, bytes] = files[i % files.length]!;
      const changed = i % 3 === 0 ? forge(bytes, rng) : mutate(bytes, others, rng);
      const whole = decodeCodeFile(bytes);
      const before = outcomeOf(changed, (each) => decodeCodeFile(each));
      writeFileSync(file, changed.bytes);
      const loaded = await bounded(changed, () => loadCodes(file));
      expect(loaded && answerOf(loaded)).toEqual(before && answerOf(before));
      const ids = JSON.stringify([...whole.ids]) === JSON.stringify(countedFrom(0, whole.codes.n)) ? undefined : [-7];
      const more = whole.codes.n === 0 ? randomCodes(1, 64, 9) : part(whole.codes, 0, 1);
      const done = await bounded(changed, async () => {
        await appendCodes(file, more, ids);
        return true;
      });
      if (!done) expect(Buffer.compare(readFileSync(file), changed.bytes)).toBe(0);
      else if (before) {
        appendedTo++;
        const { codes, ids: all } = await loadCodes(file);
        expect(codes.n).toBe(before.codes.n + 1);
        expect([...all]).toEqual([...before.ids, ids ? -7 : before.codes.n]);
        expect(answerOf({ codes: part(codes, 0, before.codes.n), ids: before.ids, model: null })).toBe(
          answerOf({ ...before, model: null }),
        );
      } else expect(await bounded(changed, () => loadCodes(file))).toBeUndefined();
    }
    expect(appendedTo).toBeGreaterThan(100);
    expect(readdirSync(folder).filter((name) => !name.endsWith('.l2h'))).toEqual([]);
  });

  /** As {@link outcomeOf}, of a promise. */
  async function bounded<Answer>({ how }: Mutation, run: () => Promise<Answer>): Promise<Answer | undefined> {
    const memory = process.memoryUsage();
    const started = performance.now();
    const answer = await run().catch((error: unknown) => {
      if (error instanceof HashError && /^l2h\/(file-|bad-option|code-shape)/.test(error.code)) return undefined;
      throw new Error(`${how}: ${error}`, { cause: error });
    });
    const grown = process.memoryUsage().arrayBuffers - memory.arrayBuffers;
    if (performance.now() - started > 5000 || grown > 32 * megabyte) {
      throw new Error(`${how}: took ${performance.now() - started} ms and ${grown} bytes`);
    }
    return answer;
  }
});

describe('files of faiss', () => {
  const shapeOf = (read: FaissBinary | FaissPq) =>
    'quantizer' in read
      ? { n: read.codes.n, parts: read.codes.parts, dimensions: read.quantizer.dimensions }
      : { n: read.codes.n, bits: read.codes.bits };

  it.each(faissFiles)('%s: 1,500 times changed: an error, or codes and ids of the shape that was written', (name) => {
    const bytes = fixture(`${name}.faiss`);
    const decode: (bytes: Uint8Array) => FaissBinary | FaissPq = name.includes('pq')
      ? decodeFaissPq
      : decodeFaissBinary;
    const shape = shapeOf(decode(bytes));
    const others = [...faissFiles.map((other) => fixture(`${other}.faiss`)), ...corpus.values()];
    const shapes = others.flatMap((other) => outcomeOf({ how: 'as it is', bytes: other }, decode) ?? []).map(shapeOf);
    const rng = createRng(`mutations of ${name}`);
    let [errors, answers] = [0, 0];
    for (let i = 0; i < 1500; i++) {
      // Half of the changes are in the first bytes, where the sizes stand.
      const head = i % 2 === 0 ? bytes.length : Math.min(bytes.length, 120);
      const start = mutate(bytes.subarray(0, head), others, rng);
      const changed = { how: start.how, bytes: new Uint8Array(Buffer.concat([start.bytes, bytes.subarray(head)])) };
      const got = outcomeOf(changed, decode);
      if (got === undefined) {
        errors++;
        continue;
      }
      answers++;
      const wanted = changed.how.startsWith('another file') ? shapes : [shape];
      expect({ how: changed.how, shape: wanted }).toEqual({
        how: changed.how,
        shape: expect.arrayContaining([shapeOf(got)]),
      });
      expect(got.ids.every(Number.isSafeInteger)).toBe(true);
      if ('quantizer' in got) {
        expect(got.quantizer.codebooks.values.every(Number.isFinite)).toBe(true);
        expect(got.codes.bytes.length).toBe(got.codes.n * got.codes.parts);
      } else requireCodes(changed.how, got.codes);
    }
    expect(errors).toBeGreaterThan(500);
    expect(answers).toBeGreaterThan(20);
  });

  /** A file whose sizes are others, at places of so many bytes. */
  const resized = (name: string, sizes: readonly (readonly [at: number, bytes: 4 | 8, size: number])[]): Mutation => {
    const bytes = fixture(`${name}.faiss`).slice();
    const view = new DataView(bytes.buffer);
    for (const [at, width, size] of sizes) {
      if (width === 4) view.setInt32(at, size, true);
      else view.setBigUint64(at, BigInt(size), true);
    }
    return { how: `${name}: ${sizes.map(([at, , size]) => `${size} at ${at}`).join(', ')}`, bytes };
  };

  it.each([16, 24, 31, 40, 50])(
    'sizes of 2^%d that agree with each other: an error, and nothing is taken for them',
    (power) => {
      const count = 2 ** power;
      const manyCodes = resized('faiss-binary-flat', [
        [12, 8, count],
        [25, 8, 5 * count],
      ]);
      expect(new DataView(fixture('faiss-binary-flat.faiss').buffer).getInt32(8, true)).toBe(5);
      expect(outcomeOf(manyCodes, decodeFaissBinary)).toBeUndefined();
      const longCodes = resized('faiss-binary-flat', [
        [4, 4, 2 ** 30],
        [8, 4, 2 ** 27],
        [12, 8, count],
        [25, 8, count * 2 ** 27],
      ]);
      if (power <= 24) expect(outcomeOf(longCodes, decodeFaissBinary)).toBeUndefined();
      for (const parts of [1, 4, 256]) {
        const dimensions = Math.min(count, 2 ** 30);
        const wide = resized('faiss-pq', [
          [4, 4, dimensions],
          [8, 8, count],
          [37, 8, dimensions],
          [45, 8, parts],
          [61, 8, 256 * dimensions],
        ]);
        expect(outcomeOf(wide, decodeFaissPq)).toBeUndefined();
      }
    },
  );
});
