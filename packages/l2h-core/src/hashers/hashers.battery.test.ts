import { describe, expect, it } from '@jest/globals';
import { createMatrix, type Matrix, type MatrixOperations, plainOperations } from '@tensor-papers/numerics/linalg';
import { clusteredVectors } from '../../test/vectors.js';
import { packSigns } from '../codes/codes.js';
import {
  HashOptionError,
  NonFiniteVectorError,
  NotFittedError,
  TrainingDataError,
  VectorShapeError,
} from '../errors.js';
import { Agh } from './agh.js';
import { Bre } from './bre.js';
import { CcaItq } from './cca-itq.js';
import type { Hasher } from './hasher.js';
import { hasherFromJson } from './hasher-from-json.js';
import { Itq } from './itq.js';
import { Ksh } from './ksh.js';
import type { HasherOptions } from './learned-hasher.js';
import { Mlh } from './mlh.js';
import { Pcah } from './pcah.js';
import { Sdh } from './sdh.js';
import { SimHash } from './sim-hash.js';
import { SpectralHashing } from './spectral-hashing.js';

interface Entry {
  readonly name: string;
  readonly make: (options?: Partial<HasherOptions>) => Hasher;
  readonly supervised?: true;
  /** Whether the seed decides anything. */
  readonly seeded: boolean;
  /** Whether more bits than dimensions are refused. */
  readonly withinDimensions?: true;
  /** Whether moving all vectors changes the codes. */
  readonly aroundZero?: true;
}

const entries: readonly Entry[] = [
  { name: 'SimHash', make: (options) => new SimHash({ bits: 6, ...options }), seeded: true },
  { name: 'Pcah', make: (options) => new Pcah({ bits: 6, ...options }), seeded: false, withinDimensions: true },
  { name: 'SpectralHashing', make: (options) => new SpectralHashing({ bits: 6, ...options }), seeded: false },
  {
    name: 'Itq',
    make: (options) => new Itq({ bits: 6, iterations: 8, ...options }),
    seeded: true,
    withinDimensions: true,
  },
  {
    name: 'CcaItq',
    make: (options) => new CcaItq({ bits: 6, iterations: 8, ...options }),
    supervised: true,
    seeded: true,
    withinDimensions: true,
  },
  { name: 'Agh', make: (options) => new Agh({ bits: 6, anchors: 20, ...options }), seeded: true },
  {
    name: 'Agh, two layers',
    make: (options) => new Agh({ bits: 6, anchors: 20, layers: 2, ...options }),
    seeded: true,
  },
  {
    name: 'Ksh',
    make: (options) => new Ksh({ bits: 6, anchors: 20, steps: 10, ...options }),
    supervised: true,
    seeded: true,
  },
  { name: 'Sdh', make: (options) => new Sdh({ bits: 6, anchors: 20, ...options }), supervised: true, seeded: true },
  {
    name: 'Bre',
    make: (options) => new Bre({ bits: 6, anchors: 10, iterations: 2, sample: 60, ...options }),
    seeded: true,
    aroundZero: true,
  },
  { name: 'Mlh', make: (options) => new Mlh({ bits: 6, pairs: 300, ...options }), supervised: true, seeded: true },
];

const vectors = clusteredVectors(120, 8, 1);
const others = clusteredVectors(50, 8, 2);
const labels = Array.from({ length: 120 }, (_, i) => i % 5);
const seed = 3;

const widened = ({ rows, columns, values }: Matrix): Matrix & { values: Float64Array } =>
  createMatrix(Float64Array.from(values), rows, columns);
const mapped = (matrix: Matrix, map: (value: number, at: number) => number) => {
  const wide = widened(matrix);
  return { ...wide, values: wide.values.map(map) };
};
const part = ({ columns, values }: Matrix, start: number, end: number): Matrix => ({
  rows: end - start,
  columns,
  values: values.slice(start * columns, end * columns),
});
async function fitted(entry: Entry, options: Partial<HasherOptions> = {}, data: Matrix = vectors): Promise<Hasher> {
  const hasher = entry.make(options);
  await hasher.fit(data, { seed, labels });
  return hasher;
}

/** Plain operations that count what they are asked. */
function counted(): MatrixOperations & { calls: number } {
  const plain = plainOperations();
  const counting = {
    calls: 0,
    precision: plain.precision,
    multiply(...args: Parameters<MatrixOperations['multiply']>) {
      counting.calls++;
      return plain.multiply(...args);
    },
    scatter: plain.scatter,
    holdRows: plain.holdRows,
  };
  return counting;
}

describe.each(entries.map((entry) => [entry.name, entry] as const))('%s', (_, entry) => {
  it('learns the same codes from the same seed, and others from another one where it draws', async () => {
    const [a, b, c] = [await fitted(entry), await fitted(entry), entry.make()];
    await c.fit(vectors, { seed: seed + 1, labels });
    expect(await a.project(others)).toEqual(await b.project(others));
    expect((await a.encode(others)).words).toEqual((await b.encode(others)).words);
    const [x, y] = [await a.project(others), await c.project(others)];
    expect(x.every((value, i) => value === y[i])).toBe(!entry.seeded);
  });

  it('packs the signs of what it projects', async () => {
    const hasher = await fitted(entry);
    const codes = await hasher.encode(others);
    expect(codes).toEqual(packSigns(await hasher.project(others), 6));
    expect([codes.n, codes.bits, hasher.bits, hasher.dimensions]).toEqual([50, 6, 6, 8]);
    expect(new Set(codes.words).size).toBeGreaterThan(1);
  });

  it('goes through JSON without a change, options included', async () => {
    const hasher = await fitted(entry, { normalize: true });
    const copy = hasherFromJson(JSON.parse(JSON.stringify(hasher)));
    expect(await copy.project(others)).toEqual(await hasher.project(others));
    expect(JSON.stringify(copy)).toBe(JSON.stringify(hasher));
    expect([copy.kind, copy.bits, copy.dimensions]).toEqual([hasher.kind, 6, 8]);
    const again = clusteredVectors(120, 8, 9);
    for (const each of [hasher, copy]) await each.fit(again, { seed, labels });
    expect(await copy.project(others)).toEqual(await hasher.project(others));
  });

  it('refuses JSON that has been changed', async () => {
    const json = JSON.parse(JSON.stringify(await fitted(entry)));
    const broken = [
      { ...json, version: 2 },
      { ...json, kind: 'nothing' },
      { ...json, options: undefined },
      { ...json, options: { ...json.options, bits: 7 } },
      { ...json, options: { ...json.options, bits: 0 } },
      { ...json, model: undefined },
    ];
    for (const field of Object.keys(json.model)) {
      broken.push({ ...json, model: { ...json.model, [field]: undefined } });
      broken.push({ ...json, model: { ...json.model, [field]: { ...json.model[field], float64: 'AAAA' } } });
    }
    for (const each of broken) expect(() => hasherFromJson(each)).toThrow(HashOptionError);
  });

  it('gives a vector the same code alone, in small and in large batches', async () => {
    const hasher = await fitted(entry);
    const many = clusteredVectors(4200, 8, 4);
    const whole = await hasher.project(many);
    const pieces = await Promise.all([hasher.project(part(many, 0, 1111)), hasher.project(part(many, 1111, 4200))]);
    expect(Float32Array.from([...pieces[0]!, ...pieces[1]!])).toEqual(whole);
    const { words } = await hasher.encode(many);
    for (const i of [0, 4095, 4096, 4199]) {
      expect(await hasher.project(part(many, i, i + 1))).toEqual(whole.slice(i * 6, (i + 1) * 6));
      expect((await hasher.encode(part(many, i, i + 1))).words[0]).toBe(words[i]);
    }
  });

  it('does not care about the number format', async () => {
    const [single, double] = [await fitted(entry), await fitted(entry, {}, widened(vectors))];
    const { words } = await single.encode(others);
    expect((await double.encode(widened(others))).words).toEqual(words);
    expect((await single.encode(widened(others))).words).toEqual(words);
  });

  it('leaves its input as it was', async () => {
    for (const options of [{}, { normalize: true }]) {
      const [data, queries] = [widened(vectors), widened(others)];
      const before = [data.values.slice(), queries.values.slice()];
      await (await fitted(entry, options, data)).encode(queries);
      expect([data.values, queries.values]).toEqual(before);
    }
  });

  if (!entry.aroundZero) {
    it('does not care where the origin is', async () => {
      const move = (matrix: Matrix) => mapped(matrix, (value, at) => value + 100 * (at % 8));
      // Without clusters: the graph of AGH must not fall apart, else any basis of its parts will do.
      const cloud = clusteredVectors(120, 8, 1, 1);
      const [here, there] = [await fitted(entry, {}, widened(cloud)), await fitted(entry, {}, move(cloud))];
      expect((await there.encode(move(others))).words).toEqual((await here.encode(widened(others))).words);
    });
  }

  it('with normalize does not care about lengths', async () => {
    const scale = (matrix: Matrix) => mapped(matrix, (value, at) => value * 2 ** ((at >> 3) % 5));
    const [plain, scaled] = [
      await fitted(entry, { normalize: true }, widened(vectors)),
      await fitted(entry, { normalize: true }, scale(vectors)),
    ];
    expect(await scaled.project(scale(others))).toEqual(await plain.project(widened(others)));
  });

  it('learns from as many vectors as it is told, drawn with the seed', async () => {
    const [all, some, same] = [entry.make({ sample: 120 }), entry.make({ sample: 40 }), entry.make({ sample: 40 })];
    expect((await all.fit(vectors, { seed, labels })).rows).toBe(120);
    expect((await some.fit(vectors, { seed, labels })).rows).toBe(40);
    await same.fit(vectors, { seed, labels });
    expect(await same.project(others)).toEqual(await some.project(others));
  });

  it('reports its way to the end', async () => {
    const fractions: number[] = [];
    const hasher = entry.make();
    const { objective, warnings } = await hasher.fit(vectors, {
      seed,
      labels,
      progress: (fraction) => fractions.push(fraction),
    });
    expect(fractions.at(-1)).toBe(1);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(objective.every(Number.isFinite)).toBe(true);
    // Every warning here would be about bits that are the same for all.
    const codes = await hasher.encode(vectors);
    const constant = Array.from({ length: 6 }, (_, b) => b).filter(
      (b) => new Set(codes.words.map((word) => (word >>> b) & 1)).size === 1,
    );
    expect(warnings).toEqual(
      constant.length ? [expect.stringContaining(`training vectors: ${constant.join(', ')}`)] : [],
    );
  });

  it('uses the operations that it is given', async () => {
    const [fitting, encoding] = [counted(), counted()];
    const hasher = entry.make();
    await hasher.fit(vectors, { seed, labels, operations: fitting });
    await hasher.encode(others, { operations: encoding });
    expect(fitting.calls).toBeGreaterThan(0);
    expect(encoding.calls).toBeGreaterThan(0);
  });

  it('keeps what it has learnt when a fit is aborted or fails', async () => {
    const hasher = await fitted(entry);
    const before = JSON.stringify(hasher);
    const again = clusteredVectors(120, 8, 9);
    const reason = new Error('enough');
    const early = { seed, labels, signal: AbortSignal.abort(reason) };
    await expect(hasher.fit(again, early)).rejects.toBe(reason);
    const controller = new AbortController();
    let heard = 0;
    const progress = () => {
      heard++;
      controller.abort(reason);
    };
    await expect(hasher.fit(again, { seed, labels, signal: controller.signal, progress })).rejects.toBe(reason);
    expect(heard).toBe(1);
    const broken = { ...again, values: again.values.slice() };
    broken.values[77] = Number.NaN;
    await expect(hasher.fit(broken, { seed, labels })).rejects.toThrow(NonFiniteVectorError);
    expect(JSON.stringify(hasher)).toBe(before);
    await expect(hasher.encode(others, early)).rejects.toBe(reason);
    await expect(hasher.project(others, early)).rejects.toBe(reason);
  });

  it('refuses to work before it has learnt', async () => {
    const hasher = entry.make();
    expect(hasher.dimensions).toBeNull();
    await expect(hasher.encode(others)).rejects.toThrow(NotFittedError);
    await expect(hasher.project(others)).rejects.toThrow(NotFittedError);
    expect(() => hasher.toJSON()).toThrow(NotFittedError);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('refuses %p in vectors', async (bad) => {
    const hasher = await fitted(entry);
    const broken = mapped(vectors, (value, at) => (at === 8 * 17 + 3 ? bad : value));
    for (const use of [hasher.encode(broken), hasher.project(broken), hasher.fit(broken, { labels })]) {
      await expect(use).rejects.toThrow(NonFiniteVectorError);
    }
    await expect(hasher.encode(broken)).rejects.toThrow('vector 17, column 3');
  });

  it('refuses numbers whose squares overflow', async () => {
    const huge = mapped(vectors, (value) => value * 1e160);
    await expect(entry.make().fit(huge, { labels })).rejects.toThrow(NonFiniteVectorError);
  });

  it('refuses vectors of another dimension, and what are none', async () => {
    const hasher = await fitted(entry);
    await expect(hasher.encode(createMatrix(new Float32Array(14), 2))).rejects.toThrow(VectorShapeError);
    await expect(hasher.project(createMatrix(new Float32Array(14), 2))).rejects.toThrow('8 numbers, got 7');
    for (const bad of [undefined, [[1, 2]], { rows: 2, columns: 2, values: [1, 2, 3, 4] }]) {
      await expect(hasher.fit(bad as never, { labels })).rejects.toThrow(VectorShapeError);
      await expect(hasher.encode(bad as never)).rejects.toThrow(VectorShapeError);
    }
  });

  it('refuses to learn from equal vectors or from one', async () => {
    const equal = mapped(vectors, (_, at) => 0.1 * (1 + (at % 8)));
    await expect(entry.make().fit(equal, { labels })).rejects.toThrow(TrainingDataError);
    const multiples = mapped(vectors, (_, at) => (at % 8) * (1 + (at >> 3)));
    await expect(entry.make({ normalize: true }).fit(multiples, { labels })).rejects.toThrow(
      /all (120|60) vectors are equal/,
    );
    await expect(entry.make().fit(part(vectors, 0, 1), { labels: [1] })).rejects.toThrow(TrainingDataError);
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])(
    'refuses %p bits, vectors of a sample, seeds',
    async (bad) => {
      expect(() => entry.make({ bits: bad })).toThrow(HashOptionError);
      expect(() => entry.make({ sample: bad })).toThrow(HashOptionError);
      if (Number.isInteger(bad)) return;
      await expect(entry.make().fit(vectors, { labels, seed: bad })).rejects.toThrow(HashOptionError);
    },
  );

  it(`${entry.withinDimensions ? 'refuses' : 'allows'} more bits than dimensions`, async () => {
    const fit = entry.make({ bits: 10 }).fit(vectors, { seed, labels });
    if (entry.withinDimensions) await expect(fit).rejects.toThrow('ask for fewer bits, or use SimHash');
    else expect((await fit).rows).toBeGreaterThan(0);
  });

  if (entry.supervised) {
    it('refuses labels that say nothing', async () => {
      const hasher = entry.make();
      await expect(hasher.fit(vectors)).rejects.toThrow('pass labels');
      await expect(hasher.fit(vectors, { labels: labels.slice(1) })).rejects.toThrow('120 vectors, got 119');
      await expect(hasher.fit(vectors, { labels: labels.map(() => 4) })).rejects.toThrow('at least 2 classes, got 1');
      const holes = labels.map((label, i) => (i === 5 ? Number.NaN : label));
      await expect(hasher.fit(vectors, { labels: holes })).rejects.toThrow('got NaN for vector 5');
      expect(hasher.dimensions).toBeNull();
    });

    it('takes class ids as names, not as numbers', async () => {
      const [a, b] = [entry.make(), entry.make()];
      await a.fit(vectors, { seed, labels });
      await b.fit(vectors, { seed, labels: labels.map((label) => 100 - 7.5 * label) });
      expect(await b.project(others)).toEqual(await a.project(others));
    });
  }
});
