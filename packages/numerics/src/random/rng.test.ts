import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hash128 } from './hash.js';
import { createRng, RandomArgumentError, Rng } from './index.js';

const draws = (rng: Rng, count: number, draw: (rng: Rng) => number) => Array.from({ length: count }, () => draw(rng));
const seedOrName = fc.oneof(fc.maxSafeInteger(), fc.string({ unit: 'binary' }));

/** Σ (observed − expected)² / expected over equally likely cells. */
function chiSquare(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

/** xoroshiro128+ with parameters 24, 16, 37 on 64-bit integers, from the same four words. */
function* referenceGenerator(words: readonly number[]): Generator<bigint> {
  const mask = (1n << 64n) - 1n;
  const rotate = (value: bigint, by: bigint) => ((value << by) | (value >> (64n - by))) & mask;
  const word = (i: number) => BigInt(words[i]! >>> 0);
  let [s0, s1] = [(word(0) << 32n) | word(1), (word(2) << 32n) | word(3)];
  for (;;) {
    yield (s0 + s1) & mask;
    s1 ^= s0;
    s0 = (rotate(s0, 24n) ^ s1 ^ (s1 << 16n)) & mask;
    s1 = rotate(s1, 37n);
  }
}

describe('golden values: a change here changes every published number', () => {
  it('uniform, integer, normal, gumbel, permutation and seed of seed 7', () => {
    const rng = createRng(7);
    expect(draws(rng, 3, (r) => r.uniform())).toEqual([0.21830025412695186, 0.10044998880762956, 0.017006824757362704]);
    expect(draws(rng, 8, (r) => r.integer(10))).toEqual([5, 8, 1, 8, 6, 6, 4, 4]);
    expect(rng.integer(2 ** 40)).toBe(206149648159);
    expect(draws(rng, 2, (r) => r.normal())).toEqual([1.038782680737324, 0.8969253943471766]);
    expect(rng.gumbel()).toBe(0.10497620808381608);
    expect([...rng.permutation(8)]).toEqual([2, 3, 0, 5, 1, 6, 7, 4]);
    expect(rng.seed()).toBe(1774838917);
    expect(rng.state()).toEqual({ path: '#7', generator: [992881466, -1503712038, -1497732945, 1985387226] });
  });

  it('streams', () => {
    expect(createRng(0).uniform()).toBe(0.9484982286720156);
    expect(createRng('paper').uniform()).toBe(0.6216710978579866);
    expect(createRng(7).stream('init').uniform()).toBe(0.12109762025063531);
    expect(createRng(7).stream('init').stream(3).uniform()).toBe(0.6180521446878614);
    expect(createRng(7).stream('3').uniform()).toBe(0.13961227969566314);
    expect(createRng(7).stream(3).uniform()).toBe(0.6783948188211442);
    expect(createRng(7).stream('a/b').uniform()).toBe(0.4747534414636514);
  });

  it('the generator is xoroshiro128+: seeds follow a 64-bit reference', () => {
    const rng = createRng('reference');
    const reference = referenceGenerator(rng.state().generator);
    const low31 = () => Number(BigInt.asUintN(32, reference.next().value as bigint) & 0x7fffffffn);
    expect(draws(rng, 20, (r) => r.seed())).toEqual(Array.from({ length: 20 }, low31));
  });
});

describe('streams', () => {
  it('depend on seed and name alone, not on what was drawn before', () => {
    fc.assert(
      fc.property(seedOrName, seedOrName, fc.nat(50), (seed, name, consumed) => {
        const used = createRng(seed);
        for (let i = 0; i < consumed; i++) used.uniform();
        used.stream('other').permutation(consumed);
        expect(used.stream(name).uniform()).toBe(createRng(seed).stream(name).uniform());
      }),
    );
  });

  it('differ for different seeds and names, whatever characters those hold', () => {
    fc.assert(
      fc.property(seedOrName, seedOrName, (a, b) => {
        fc.pre(!Object.is(a, b) && !(a === 0 && b === 0));
        expect(createRng(a).uniform()).not.toBe(createRng(b).uniform());
        expect(createRng(1).stream(a).uniform()).not.toBe(createRng(1).stream(b).uniform());
      }),
    );
    const paths = [
      createRng(1).stream('a').stream('b'),
      createRng(1).stream('a/b'),
      createRng('#1').stream('a').stream('b'),
      createRng(1).stream('a%2Fb'),
      createRng('#1/a/b'),
      createRng(1).stream('\ud800'),
    ];
    expect(new Set(paths.map((rng) => rng.uniform())).size).toBe(paths.length);
  });

  it('are uncorrelated between neighbouring seeds and names', () => {
    const count = 4000;
    const first = Array.from({ length: count }, (_, seed) => createRng(seed).uniform() - 0.5);
    const named = Array.from({ length: count }, (_, seed) => createRng(seed).stream('x').uniform() - 0.5);
    const correlation = (a: number[], b: number[]) => (12 * a.reduce((sum, x, i) => sum + x * b[i]!, 0)) / a.length;
    const limit = 4 / Math.sqrt(count);
    expect(Math.abs(correlation(first.slice(1), first.slice(0, -1)))).toBeLessThan(limit);
    expect(Math.abs(correlation(first, named))).toBeLessThan(limit);
    expect(Math.abs(first.reduce((sum, x) => sum + x, 0) / count)).toBeLessThan(limit * Math.sqrt(1 / 12));
  });

  it('go on after a restore from JSON', () => {
    const rng = createRng(3).stream('shuffle');
    rng.permutation(100);
    const restored = Rng.restore(JSON.parse(JSON.stringify(rng.state())));
    expect(draws(restored, 10, (r) => r.normal())).toEqual(draws(rng, 10, (r) => r.normal()));
    expect(restored.stream('x').uniform()).toBe(rng.stream('x').uniform());
  });

  it('move to a state of their own in place, and refuse one of another stream', () => {
    const rng = createRng(3).stream('shuffle');
    rng.normal();
    const state = JSON.parse(JSON.stringify(rng.state()));
    const expected = draws(rng, 5, (r) => r.normal());
    rng.moveTo(state);
    expect(draws(rng, 5, (r) => r.normal())).toEqual(expected);
    const before = rng.state();
    expect(() => rng.moveTo(createRng(4).stream('shuffle').state())).toThrow(
      /stream #3\/shuffle, got one of #4\/shuffle/,
    );
    expect(() => rng.moveTo({ ...state, generator: [1, 2, 3] })).toThrow(RandomArgumentError);
    expect(rng.state()).toEqual(before);
  });
});

describe('distributions', () => {
  it('uniform fills [0, 1) evenly', () => {
    const rng = createRng(1);
    const counts = new Array<number>(100).fill(0);
    for (let i = 0; i < 100_000; i++) {
      const u = rng.uniform();
      expect(u >= 0 && u < 1).toBe(true);
      counts[Math.floor(u * 100)]!++;
    }
    // 99 degrees of freedom: 0.01 % above 161, 0.01 % below 54.
    expect(chiSquare(counts)).toBeLessThan(161);
    expect(chiSquare(counts)).toBeGreaterThan(54);
  });

  it('integer is even for bounds that divide no power of two', () => {
    const rng = createRng(2);
    const counts = new Array<number>(7).fill(0);
    for (let i = 0; i < 70_000; i++) counts[rng.integer(7)]!++;
    // 6 degrees of freedom: 0.01 % above 28.
    expect(chiSquare(counts)).toBeLessThan(28);
    // With a modulo of 32 bits the lower half of this range would come up twice as often.
    const bound = 3 * 2 ** 30;
    const lower = draws(rng, 20_000, (r) => r.integer(bound)).filter((value) => value < 2 ** 30).length;
    expect(Math.abs(lower / 20_000 - 1 / 3)).toBeLessThan(4 * Math.sqrt(2 / 9 / 20_000));
    expect(rng.integer(1)).toBe(0);
    expect(draws(rng, 50, (r) => r.integer(Number.MAX_SAFE_INTEGER)).every(Number.isSafeInteger)).toBe(true);
  });

  it('normal has the moments of a standard normal', () => {
    const rng = createRng(3);
    const n = 200_000;
    const values = draws(rng, n, (r) => r.normal());
    const moment = (k: number) => values.reduce((sum, value) => sum + value ** k, 0) / n;
    expect(values.every(Number.isFinite)).toBe(true);
    // Four standard errors: var(x) = 1, var(x²) = 2, var(x³) = 15, var(x⁴) = 96.
    expect(Math.abs(moment(1))).toBeLessThan(4 * Math.sqrt(1 / n));
    expect(Math.abs(moment(2) - 1)).toBeLessThan(4 * Math.sqrt(2 / n));
    expect(Math.abs(moment(3))).toBeLessThan(4 * Math.sqrt(15 / n));
    expect(Math.abs(moment(4) - 3)).toBeLessThan(4 * Math.sqrt(96 / n));
    const lagged = values.slice(1).reduce((sum, value, i) => sum + value * values[i]!, 0) / n;
    expect(Math.abs(lagged)).toBeLessThan(4 * Math.sqrt(1 / n));
  });

  it('gumbel has mean γ and variance π²/6', () => {
    const n = 100_000;
    const values = draws(createRng(4), n, (r) => r.gumbel());
    const mean = values.reduce((sum, value) => sum + value, 0) / n;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n;
    expect(Math.abs(mean - 0.5772156649)).toBeLessThan(4 * Math.sqrt(Math.PI ** 2 / 6 / n));
    // The fourth central moment is 5.4 σ⁴.
    expect(Math.abs(variance - Math.PI ** 2 / 6)).toBeLessThan(4 * (Math.PI ** 2 / 6) * Math.sqrt(4.4 / n));
  });

  it('permutation gives every order of four equally often', () => {
    const rng = createRng(5);
    const counts = new Map<string, number>();
    for (let i = 0; i < 24_000; i++) {
      const order = rng.permutation(4).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    // 23 degrees of freedom: 0.01 % above 56.
    expect(chiSquare([...counts.values()])).toBeLessThan(56);
  });

  it('permutation holds every index once', () => {
    fc.assert(
      fc.property(fc.nat(200), fc.nat(), (length, seed) => {
        expect([...createRng(seed).permutation(length)].sort((a, b) => a - b)).toEqual(
          Array.from({ length }, (_, i) => i),
        );
      }),
    );
  });

  it('seed is an int32 that is not negative', () => {
    const rng = createRng(6);
    expect(draws(rng, 1000, (r) => r.seed()).every((seed) => seed >= 0 && seed === (seed | 0))).toBe(true);
  });
});

it('hash128 changes about half of all bits when one character changes', () => {
  let flipped = 0;
  for (let i = 0; i < 500; i++) {
    const [a, b] = [hash128(`#${i}/x`), hash128(`#${i}/y`)];
    for (let lane = 0; lane < 4; lane++) {
      for (let bits = (a[lane]! ^ b[lane]!) >>> 0; bits > 0; bits &= bits - 1, bits >>>= 0) flipped++;
    }
  }
  expect(Math.abs(flipped / 500 - 64)).toBeLessThan(4 * Math.sqrt(32 / 500));
  expect(hash128('')).not.toEqual([0, 0, 0, 0]);
});

it.each([
  ['createRng(NaN)', () => createRng(Number.NaN)],
  ['createRng(0.5)', () => createRng(0.5)],
  ['createRng(2⁶⁰)', () => createRng(2 ** 60)],
  ['stream(1.5)', () => createRng(1).stream(1.5)],
  ['integer(0)', () => createRng(1).integer(0)],
  ['integer(2.5)', () => createRng(1).integer(2.5)],
  ['integer(1e300)', () => createRng(1).integer(1e300)],
  ['permutation(−1)', () => createRng(1).permutation(-1)],
  ['permutation(∞)', () => createRng(1).permutation(Number.POSITIVE_INFINITY)],
  ['restore of zeros', () => Rng.restore({ path: '', generator: [0, 0, 0, 0] })],
  ['restore of three words', () => Rng.restore({ path: '', generator: [1, 2, 3] })],
  ['restore of fractions', () => Rng.restore({ path: '', generator: [1, 2, 3, 0.5] })],
])('%s is refused', (_, call) => {
  expect(call).toThrow(RandomArgumentError);
  expect(call).toThrow(expect.objectContaining({ code: 'random/bad-argument' }));
});
