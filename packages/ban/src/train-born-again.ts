import type * as tf from '@tensorflow/tfjs';
import { type BornAgainOptions, type BornAgainSettings, requireSettings } from './born-again-options.js';
import { BornAgainRun } from './born-again-run.js';
import { evaluateTraining, meanDivergence } from './evaluate-generation.js';
import type { BornAgainWarning, GenerationReport } from './generation-report.js';
import { generationSeeds } from './generation-seeds.js';
import { preconditionWarning } from './precondition.js';
import type { Classifier } from './teacher.js';
import { cachedTeacherLogits, liveTeacherLogits } from './teacher-logits.js';
import { requireClasses, trainGeneration } from './train-generation.js';

/**
 * Trains a teacher and then generation after generation of students, each on the soft outputs of the one before (eq. 1–3).
 *
 * θ_0 = argmin L_CE;  θ_k = argmin L_mode(f(x, θ_{k−1}), f(x, θ_k)),  k = 1 … K. Every generation starts from fresh weights of
 * its own seed and has the same optimiser, schedule and epochs; the last epoch's weights are kept. The teacher runs in
 * inference mode on the very batch that the student sees.
 *
 * Same options, engine and thread count: the same numbers to the bit. An aborted run resolves with what was finished.
 *
 * @returns models and reports; the caller disposes it
 * @throws before training: UnknownModeError, OptionError, EmptyBatchError, LabelsError, ClassCountError; NonFiniteError for a
 *   given teacher's NaN; later: SharedGenerationError, what `fit` throws (NaN in images, a diverged loss), and whatever data,
 *   factories and callbacks throw. Nothing leaks then.
 * @example
 * const run = await trainBornAgain({ makeModel, data, generations: 3, seed: 1, epochs: 40, batchSize: 64, optimizer });
 * const { probabilities, classes } = ensemblePredict(selectEnsemble(run).members, x);
 */
export async function trainBornAgain(options: BornAgainOptions): Promise<BornAgainRun> {
  const settings = requireSettings(options);
  const succession = new Succession(settings);
  try {
    await succession.begin();
    while (!succession.finished) await succession.next();
    return succession.run();
  } catch (error) {
    succession.dispose();
    throw error;
  }
}

/** The generation that teaches next. */
interface CurrentTeacher {
  readonly classifier: Classifier;
  readonly logits: Float32Array;
  readonly report: GenerationReport;
}

/** One call of `trainBornAgain`: the mutable state of the loop over generations. */
class Succession {
  readonly #settings: BornAgainSettings;
  readonly #seeds: readonly number[];
  readonly #models = new Map<number, tf.LayersModel>();
  readonly #history: GenerationReport[] = [];
  #generation = 0;
  #teacher: CurrentTeacher | null = null;
  #aborted = false;

  constructor(settings: BornAgainSettings) {
    this.#settings = settings;
    this.#seeds = generationSeeds(settings.seed, settings.generations);
  }

  get finished(): boolean {
    this.#aborted ||= this.#generation <= this.#settings.generations && (this.#settings.signal?.aborted ?? false);
    return this.#aborted || this.#generation > this.#settings.generations;
  }

  /** Looks at what was given, before anything is trained. */
  async begin(): Promise<void> {
    const { teacher, makeTeacher, makeModel, generations, data, classes } = this.#settings;
    if (teacher) {
      await requireClasses('the teacher', teacher, this.#settings);
      const { logits, ...evaluation } = await evaluateTraining(teacher, data, 0);
      const report = { generation: 0, mode: 'external', seed: null, epochs: [], ...evaluation } as const;
      await this.#succeed(teacher, logits, { ...report, teacherDivergence: null, warnings: [] }, null);
    } else if (makeTeacher && generations > 0) {
      // Otherwise the students would be found wrong only after their teacher was trained.
      const student = makeModel({ seed: this.#seeds[1]!, inputShape: data.shape, classes });
      try {
        await requireClasses('makeModel', student, this.#settings);
      } finally {
        student.dispose();
      }
    }
  }

  /** Trains a generation, unless the signal ends it. */
  async next(): Promise<void> {
    const { data, classes, makeModel, makeTeacher } = this.#settings;
    const generation = this.#generation;
    const seed = this.#seeds[generation]!;
    const teacher = this.#teacher;
    const mode = teacher === null ? 'ce' : this.#settings.mode;
    const warnings = this.#warn();
    const { model, epochs, aborted } = await trainGeneration(this.#settings, {
      ...{ generation, mode, seed },
      makeModel: generation === 0 ? (makeTeacher ?? makeModel) : makeModel,
      teacherLogits: this.#teacherLogits(),
      others: [...this.#models.values(), ...(teacher ? [teacher.classifier] : [])],
    });
    if (aborted) {
      this.#aborted = true;
      model.dispose();
      return;
    }
    this.#models.set(generation, model);
    const { logits, ...evaluation } = await evaluateTraining(model, data, generation);
    const teacherDivergence = teacher && meanDivergence(teacher.logits, logits, classes);
    const report = { generation, mode, seed, epochs, ...evaluation, teacherDivergence, warnings };
    await this.#succeed(model, logits, report, model);
  }

  run(): BornAgainRun {
    const students = [...this.#models].filter(([generation]) => generation > 0).map(([, model]) => model);
    return new BornAgainRun({
      teacher: this.#models.get(0) ?? null,
      students,
      history: this.#history,
      aborted: this.#aborted,
    });
  }

  dispose(): void {
    for (const model of this.#models.values()) model.dispose();
  }

  /** Makes a finished generation the teacher of the next. */
  async #succeed(
    classifier: Classifier,
    logits: Float32Array,
    report: GenerationReport,
    model: tf.LayersModel | null,
  ): Promise<void> {
    this.#teacher = { classifier, logits, report };
    this.#history.push(report);
    this.#generation = report.generation + 1;
    if (this.#settings.keep === 'last') this.#forget(report.generation - 1);
    await this.#settings.on?.generation?.(report, model);
  }

  #forget(generation: number): void {
    this.#models.get(generation)?.dispose();
    this.#models.delete(generation);
  }

  #teacherLogits() {
    const { mode, classes, cacheTargets } = this.#settings;
    if (this.#teacher === null || mode === 'ce') return null;
    const { classifier, logits } = this.#teacher;
    return cacheTargets ? cachedTeacherLogits(logits, classes) : liveTeacherLogits(classifier);
  }

  #warn(): BornAgainWarning[] {
    const { mode, teacherAccuracyWarning, on } = this.#settings;
    const warning = this.#teacher && preconditionWarning(mode, this.#teacher.report, teacherAccuracyWarning);
    if (!warning) return [];
    if (on?.warning) on.warning(warning);
    else console.warn(warning.message);
    return [warning];
  }
}
