import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import type { JumpableRandomGenerator } from 'pure-rand/types/JumpableRandomGenerator';
import { RandomArgumentError } from './errors.js';
import { hash128 } from './hash.js';

/** Where a stream stands: enough to go on with it in another process. Plain JSON. */
export interface RngState {
  readonly path: string;
  readonly generator: readonly number[];
}

/** A name as a path segment: whatever it holds, two different names, numbers or nestings never give one path. */
function segment(name: string | number): string {
  if (typeof name === 'string') return name.replace(/[%/#]/g, encodeURIComponent);
  if (!Number.isSafeInteger(name)) {
    throw new RandomArgumentError(`expected a string or a safe integer as seed or stream name, got ${name}`);
  }
  return `#${name}`;
}

function requireState(method: string, state: RngState): void {
  const { path, generator } = state;
  const whole = Array.isArray(generator) && generator.length === 4 && generator.every((word) => word === (word | 0));
  if (typeof path !== 'string' || !whole || generator.every((word) => word === 0)) {
    throw new RandomArgumentError(`${method}(state): expected what state() returned: a path and four 32-bit integers`);
  }
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
  #generator: JumpableRandomGenerator;

  private constructor(path: string, generator: JumpableRandomGenerator) {
    this.#path = path;
    this.#generator = generator;
  }

  /** @internal Use `createRng`. */
  static fromPath(path: string): Rng {
    return new Rng(path, xoroshiro128plusFromState(hash128(path)));
  }

  /**
   * Goes on where `state()` was taken.
   *
   * @throws RandomArgumentError for what is no state
   */
  static restore(state: RngState): Rng {
    requireState('restore', state);
    return new Rng(state.path, xoroshiro128plusFromState(state.generator));
  }

  /** Where this stream stands. */
  state(): RngState {
    return { path: this.#path, generator: [...this.#generator.getState()] };
  }

  /**
   * Moves this very stream to where `state()` was taken: whoever holds it goes on from there.
   *
   * @param state of the same stream: same seed, same names on the way to it
   * @throws RandomArgumentError for what is no state, or that of another stream
   */
  moveTo(state: RngState): void {
    requireState('moveTo', state);
    if (state.path !== this.#path) {
      throw new RandomArgumentError(
        `moveTo(state): expected a state of the stream ${this.#path}, got one of ${state.path}; is the seed another one?`,
      );
    }
    this.#generator = xoroshiro128plusFromState(state.generator);
  }

  /**
   * The stream of that name: always the same one, wherever this source stands.
   *
   * @param name a string or a safe integer; `3` and `'3'` are two streams
   */
  stream(name: string | number): Rng {
    return Rng.fromPath(`${this.#path}/${segment(name)}`);
  }

  /** Uniform in [0, 1), 53 bits. */
  uniform(): number {
    return uniformFloat64(this.#generator);
  }

  /** Uniform integer in 0 … bound − 1, without modulo bias. */
  integer(bound: number): number {
    if (!Number.isSafeInteger(bound) || bound < 1) {
      throw new RandomArgumentError(`integer(bound): expected a safe integer of at least 1, got ${bound}`);
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
    if (!Number.isInteger(length) || length < 0 || length > 0x7fffffff) {
      throw new RandomArgumentError(`permutation(length): expected an integer in 0 … 2³¹ − 1, got ${length}`);
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

/**
 * The root of all randomness of a run. The same seed gives the same streams on every machine.
 *
 * @param seed a safe integer or any string
 * @throws RandomArgumentError
 */
export function createRng(seed: number | string): Rng {
  return Rng.fromPath(segment(seed));
}
