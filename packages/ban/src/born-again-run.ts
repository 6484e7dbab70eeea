import type * as tf from '@tensorflow/tfjs';
import type { GenerationReport } from './generation-report.js';

/** What a {@link BornAgainRun} holds. */
export interface BornAgainRunContents {
  readonly teacher: tf.LayersModel | null;
  readonly students: readonly tf.LayersModel[];
  readonly history: readonly GenerationReport[];
  readonly aborted: boolean;
}

/** The models of a sequence of generations, and how they were trained. Owns the models until `dispose()`. */
export class BornAgainRun {
  /** Generation 0; null where it was given from outside (it stays its owner's) or was not kept. */
  readonly teacher: tf.LayersModel | null;
  /** The students that were kept, in order; the last is that of the last report. */
  readonly students: readonly tf.LayersModel[];
  /** One report for every finished generation, also of those that were not kept; a teacher that was given comes first. */
  readonly history: readonly GenerationReport[];
  /** Whether a signal ended the run early: everything here is finished, but generations are missing. */
  readonly aborted: boolean;
  #disposed = false;

  constructor({ teacher, students, history, aborted }: BornAgainRunContents) {
    this.teacher = teacher;
    this.students = students;
    this.history = history;
    this.aborted = aborted;
  }

  get disposed(): boolean {
    return this.#disposed;
  }

  /** The models that are here, with their generation. */
  get models(): { readonly generation: number; readonly model: tf.LayersModel }[] {
    const last = this.history.at(-1)?.generation ?? 0;
    const first = last - this.students.length + 1;
    return [
      ...(this.teacher ? [{ generation: 0, model: this.teacher }] : []),
      ...this.students.map((model, i) => ({ generation: first + i, model })),
    ];
  }

  /** Frees all models. A second call does nothing. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    for (const { model } of this.models) model.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}
