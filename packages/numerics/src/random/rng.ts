import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import type { JumpableRandomGenerator } from 'pure-rand/types/JumpableRandomGenerator';
import { hash128 } from './hash.js';

/** Where a stream stands: enough to go on with it in another process. Plain JSON. */
export interface RngState {
  readonly path: string;
  readonly generator: readonly number[];
}

/**
 * A seeded source of randomness that splits into named, independent streams.
 *
 * A stream is decided by the seed and the names on the way to it, never by what was drawn before, so adding a draw in one
 * place changes nothing in another. The generator is xoroshiro128+ (Blackman and Vigna, 2018).
 *
 * @example
 * const rng = createRng(7);
 * const init = rng.stream('init');
 * init.normal();
 * rng.stream('shuffle').stream(3).permutation(5);
 */
export class Rng {
  readonly #path: string;
  readonly #generator: JumpableRandomGenerator;

  private constructor(path: string, generator: JumpableRandomGenerator) {
    this.#path = path;
    this.#generator = generator;
  }

  /** @internal Use `createRng`. */
  static fromPath(path: string): Rng {
    return new Rng(path, xoroshiro128plusFromState(hash128(path)));
  }

  /** Goes on where `state()` was taken. */
  static restore(state: RngState): Rng {
    return new Rng(state.path, xoroshiro128plusFromState(state.generator));
  }

  state(): RngState {
    return { path: this.#path, generator: [...this.#generator.getState()] };
  }

  /** The stream of that name: always the same one, wherever this source stands. */
  stream(name: string | number): Rng {
    return Rng.fromPath(`${this.#path}/${typeof name === 'number' ? `#${name}` : encodeURIComponent(name)}`);
  }

  /** Uniform in [0, 1), 53 bits. */
  uniform(): number {
    return uniformFloat64(this.#generator);
  }

  /** Uniform integer in 0 … bound − 1, without modulo bias. */
  integer(bound: number): number {
    if (!Number.isInteger(bound) || bound < 1) {
      throw new RangeError(`integer(bound): expected an integer of at least 1, got ${bound}`);
    }
    return uniformInt(this.#generator, 0, bound - 1);
  }

  /** Normal with mean 0 and standard deviation 1 (Box–Muller, one value per two uniforms so that the state stays small). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
  }

  /** Standard Gumbel: −log(−log U), U in the open interval (0, 1). */
  gumbel(): number {
    let u = this.uniform();
    while (u === 0) u = this.uniform();
    return -Math.log(-Math.log(u));
  }

  /** A uniformly random order of 0 … length − 1 (Fisher–Yates). */
  permutation(length: number): Int32Array {
    if (!Number.isInteger(length) || length < 0) {
      throw new RangeError(`permutation(length): expected a non-negative integer, got ${length}`);
    }
    const order = Int32Array.from({ length }, (_, i) => i);
    for (let i = length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const swapped = order[i]!;
      order[i] = order[j]!;
      order[j] = swapped;
    }
    return order;
  }

  /** A fresh seed in 0 … 2³¹ − 1 for a function that takes a number, such as a TensorFlow.js initialiser. */
  seed(): number {
    return this.integer(0x80000000);
  }
}

/** The root of all randomness of a run. The same seed gives the same streams on every machine. */
export function createRng(seed: number | string): Rng {
  if (typeof seed === 'number' && !Number.isSafeInteger(seed)) {
    throw new RangeError(`createRng(seed): expected a safe integer or a string, got ${seed}`);
  }
  return Rng.fromPath(typeof seed === 'number' ? `#${seed}` : encodeURIComponent(seed));
}
