import type { EngineName } from '../engine-name.js';

/** What an engine is started with. */
export interface StartOptions {
  /** Threads of this process; undefined leaves the number to the engine. */
  readonly threads: number | undefined;
  /** Exactly as TensorFlow.js ships it: no kernel registered or replaced, no patch. */
  readonly stock: boolean;
}

/** What an engine says of itself once it runs. */
export interface StartedEngine {
  /** Version of the library that computes. */
  readonly version: string;
  /** Threads that one operation may use; null where it is not the processor that computes. */
  readonly threads: number | null;
}

/** One TensorFlow.js backend: how it is loaded. `start` throws, with one line for a person, where it cannot be had. */
export interface Engine {
  readonly name: EngineName;
  start(options: StartOptions): Promise<StartedEngine>;
}
