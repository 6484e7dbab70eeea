import { createRng, type Rng } from '@tensor-papers/numerics/random';
import {
  CheckpointNotFoundError,
  decodeCheckpoint,
  type FitHistory,
  restoreCheckpoint,
} from '@tensor-papers/tensor-core/train';
import { configurationOf } from './configuration.js';
import { createTriNet } from './create-tri-net.js';
import { describeRound, errorsOf, perClassOf } from './describe-round.js';
import { editPool } from './edit-pool.js';
import type { HeadNumber } from './heads.js';
import { headNumbers } from './heads.js';
import { labelPool } from './label-pool.js';
import { type PlannedPhase, phasesOf } from './phases.js';
import type { HeadReport, TriNetWarning } from './round-report.js';
import { drawPool, roundSchedule } from './round-schedule.js';
import { type Configuration, type PreparedHead, type RunState, statePart } from './run-state.js';
import { drawSmearingNoise, smearLabels } from './smear-labels.js';
import { given, type PhaseOptions, trainHead, trainOnSmearedLabels } from './train-phase.js';
import type { TriNet } from './tri-net.js';
import { requireSettings, type TriNetOptions, type TriNetSettings } from './tri-net-options.js';
import { TriNetRun } from './tri-net-run.js';

/**
 * Trains a Tri-net (Algorithm 1): three heads on a shared trunk label unlabelled images for one another.
 *
 * 1. Module initialisation: trunk and heads together on smeared labels.
 * 2. Round t = 1 … T, see `roundSchedule`: for each head in turn, the other two label a random pool (`labelPool`), unstable
 *    labels are deleted (`editPool`), and the head is trained on L ∪ PL^v (`trainHead`), head 1 with the trunk.
 * 3. In fine-tuning rounds instead: trunk and heads together on freshly smeared labels, so that the heads differ again.
 *
 * Every phase has an optimiser of its own. Same options, engine and thread count: the same numbers to the bit, also where the run
 * was killed at any moment and resumed from its checkpoint. An aborted run resolves with what was finished.
 *
 * @returns net and history; the caller disposes it
 * @throws before training: OptionError, DataError, LabelsError, MissingClassError, ModuleError; with `resume` ConfigurationError
 *   and the checkpoint errors of `fit`; later: NonFiniteError, what `fit` throws (NaN in images, a diverged loss), and whatever
 *   data, factories and callbacks throw. Nothing leaks then.
 * @example
 * const run = await trainTriNet({
 *   trunk, heads: [plain3, plain5, residual], labeled, unlabeled, seed: 1, batchSize: 50,
 *   initialisation: { epochs: 60 }, headTraining: { epochs: 10 }, rounds: 12, poolBase: 500, optimizer: () => adam(),
 * });
 * const { classes } = run.net.predict(x);
 */
export async function trainTriNet(options: TriNetOptions): Promise<TriNetRun> {
  const settings = requireSettings(options);
  const { trunk, heads, labeled, classes, seed } = settings;
  const net = createTriNet({ trunk, heads, inputShape: labeled.shape, classes, seed });
  try {
    const procedure = new Procedure(settings, net);
    await procedure.begin();
    while (await procedure.next());
    return procedure.run();
  } catch (error) {
    net.dispose();
    throw error;
  }
}

/** One call of `trainTriNet`: the mutable state of the procedure. */
class Procedure {
  readonly #settings: TriNetSettings;
  readonly #net: TriNet;
  readonly #rng: Rng;
  readonly #phases: readonly PlannedPhase[];
  readonly #configuration: Configuration;
  readonly #state: RunState = { phase: 0, history: [], heads: [], prepared: new Map(), warnings: [] };
  /** Whether the phase under way goes on from a checkpoint. */
  #isResumed = false;
  #aborted = false;

  constructor(settings: TriNetSettings, net: TriNet) {
    this.#settings = settings;
    this.#net = net;
    this.#rng = createRng(settings.seed);
    this.#phases = phasesOf(roundSchedule(settings.unlabeled.length, settings));
    this.#configuration = configurationOf(settings);
  }

  /** Finds out which phase is next. */
  async begin(): Promise<void> {
    const { checkpoint, resume, unlabeled, on } = this.#settings;
    const bytes = resume && checkpoint ? await checkpoint.store.read('last') : null;
    if (bytes === null && resume === true) {
      throw new CheckpointNotFoundError(
        "resume: expected a checkpoint 'last' in the store, got none; pass resume: 'auto' to begin anew where there is none",
      );
    }
    if (bytes !== null) {
      const { allowOtherEngine = false } = checkpoint!;
      // Which phase it is decides which optimiser `fit` restores.
      restoreCheckpoint(
        await decodeCheckpoint(bytes),
        { trinet: this.#statePart() },
        { partial: true, allowOtherEngine },
      );
      this.#isResumed = true;
      await on?.resume?.(this.#phase);
    } else if (unlabeled.length === 0) {
      this.#warn({
        code: 'trinet/no-unlabeled',
        message:
          'unlabeled: there is no example, so no pseudo-label can arise and every phase trains on the labelled examples alone',
        head: null,
      });
    }
  }

  /** Runs a phase. @returns whether another one follows */
  async next(): Promise<boolean> {
    const phase = this.#phase;
    if (this.#isAborted()) return false;
    if (phase.opens && !this.#isResumed) await this.#announce(phase);
    const history = phase.head === null ? await this.#trainAll(phase) : await this.#trainHead(phase, phase.head);
    this.#isResumed = false;
    if (history === null || history.aborted) {
      this.#aborted = true;
      return false;
    }
    const losses = history.epochs.map(({ loss }) => loss);
    if (phase.head !== null) {
      this.#state.heads.push({ ...this.#state.prepared.get(phase.head)!.report, losses });
      this.#state.prepared.delete(phase.head);
    }
    if (phase.closes) await this.#finishRound(phase, phase.head === null ? losses : []);
    this.#state.phase += 1;
    return this.#state.phase < this.#phases.length;
  }

  run(): TriNetRun {
    return new TriNetRun(this.#net, this.#state.history, this.#aborted);
  }

  get #phase(): PlannedPhase {
    return this.#phases[this.#state.phase]!;
  }

  #isAborted(): boolean {
    this.#aborted ||= this.#settings.signal?.aborted ?? false;
    return this.#aborted;
  }

  async #announce({ round, kind, pool, threshold }: PlannedPhase): Promise<void> {
    const { on, rounds } = this.#settings;
    await on?.roundStart?.({ round, rounds, kind: kind === 'head' ? 'label' : kind, pool, threshold });
  }

  /** Module initialisation or diversity augmentation. */
  async #trainAll(phase: PlannedPhase): Promise<FitHistory> {
    const { labeled, classes, std, freshSmearing, fineTune, initialisation, fineTuning, freezeStatistics } =
      this.#settings;
    const isFirst = phase.kind === 'initialise';
    if (!isFirst && !fineTune) return { epochs: [], steps: 0, aborted: false };
    const rng = this.#rng.stream('smearing').stream(freshSmearing ? phase.round : 0);
    const targets = smearLabels(labeled.labels, {
      ...{ classes, std },
      noise: drawSmearingNoise(labeled.length, classes, rng),
    });
    return await this.#fit(phase, (options) =>
      trainOnSmearedLabels({
        ...options,
        targets,
        length: isFirst ? initialisation : fineTuning,
        freezeStatistics: !isFirst && freezeStatistics,
      }),
    );
  }

  /** Labels for a head and trains it. @returns null where the signal ended it */
  async #trainHead(phase: PlannedPhase, head: HeadNumber): Promise<FitHistory | null> {
    const { unlabeled, headTraining, freezeStatistics, labeledFraction, simultaneous } = this.#settings;
    const missing = simultaneous && phase.opens ? headNumbers : [head];
    for (const each of missing) {
      if (this.#state.prepared.has(each)) continue;
      this.#state.prepared.set(each, await this.#prepare(phase, each));
      if (this.#isAborted()) return null;
    }
    const { pseudoLabels } = this.#state.prepared.get(head)!;
    return await this.#fit(phase, (options) =>
      trainHead({
        ...{ ...options, head, unlabeled, pseudoLabels, freezeStatistics, length: headTraining },
        ...given({ labeledFraction }),
      }),
    );
  }

  /** Labels the pool for a head and edits the labels. */
  async #prepare({ round, pool, threshold }: PlannedPhase, head: HeadNumber): Promise<PreparedHead> {
    const { unlabeled, desPasses, desCount, desInclusive, keepPredictions, labelers, revise } = this.#settings;
    const { on, trueLabels, evaluationBatchSize: batchSize, classes } = this.#settings;
    const indices = drawPool(unlabeled.length, pool, this.#rng.stream('pool').stream(round));
    const accepted = await labelPool(this.#net, unlabeled, {
      head,
      threshold: threshold!,
      indices,
      labelers,
      batchSize,
    });
    const edited = await editPool(this.#net, unlabeled, accepted, {
      ...{ head, labelers, batchSize, keepPredictions },
      ...{ passes: desPasses, count: desCount, inclusive: desInclusive },
    });
    const kept = revise?.(edited.kept, { round, head }) ?? edited.kept;
    await on?.pseudoLabels?.({ round, head, kept, removed: edited.removed });
    if (kept.indices.length === 0 && unlabeled.length > 0) {
      this.#warn({
        code: 'trinet/no-pseudo-labels',
        message:
          `round ${round}, head ${head}: no pseudo-label is left (${accepted.indices.length} of ${pool} accepted at a threshold of ` +
          `${threshold}, ${edited.removed.indices.length} edited away); it trains on the labelled examples alone. Lower \`sigma0\`, or train the initialisation longer`,
        head,
      });
    }
    const { length } = accepted.indices;
    const report = {
      head,
      accepted: length,
      edited: edited.removed.indices.length,
      kept: kept.indices.length,
      perClass: perClassOf(kept, classes),
      confidence: length === 0 ? null : accepted.confidence.reduce((sum, value) => sum + value, 0) / length,
      errors: trueLabels ? errorsOf({ accepted, kept: edited.kept, removed: edited.removed }, trueLabels) : null,
    } satisfies Omit<HeadReport, 'losses'>;
    return { pseudoLabels: kept, report };
  }

  async #fit(
    phase: PlannedPhase,
    train: (options: Omit<PhaseOptions, 'length'>) => Promise<FitHistory>,
  ): Promise<FitHistory> {
    const { labeled, batchSize, augment, clipNorm, signal, sinks, on, checkpoint, schedule } = this.#settings;
    const { kind, round, head } = phase;
    const described = { kind, round, head };
    const optimizer = this.#settings.optimizer(described);
    try {
      return await train({
        ...{ net: this.#net, labeled, batchSize, augment, optimizer },
        rng: this.#rng
          .stream('training')
          .stream(round)
          .stream(head ?? 0),
        on: {
          step: (log) => on?.step?.({ phase: described, log }),
          checkpoint: (event) => on?.checkpoint?.({ ...event, phase: described }),
        },
        ...(checkpoint ? { checkpoint: { ...checkpoint, parts: { trinet: this.#statePart() } } } : {}),
        ...(this.#isResumed ? { resume: true } : {}),
        ...(sinks ? { sinks: typeof sinks === 'function' ? sinks(described) : sinks } : {}),
        ...given({ clipNorm, signal, schedule: schedule?.(described) }),
      });
    } finally {
      optimizer.dispose();
    }
  }

  async #finishRound(phase: PlannedPhase, losses: readonly number[]): Promise<void> {
    const { on } = this.#settings;
    const { heads, warnings } = this.#state;
    const report = await describeRound(this.#net, this.#settings, phase, { heads, warnings, losses });
    this.#state.history.push(report);
    this.#state.heads = [];
    this.#state.warnings = [];
    await on?.round?.(report, this.#net);
  }

  #statePart() {
    return statePart(this.#state, this.#configuration, this.#phases.length);
  }

  #warn(warning: Omit<TriNetWarning, 'round'>): void {
    const { on } = this.#settings;
    const complete = { ...warning, round: this.#phase.round };
    this.#state.warnings.push(complete);
    if (on?.warning) on.warning(complete);
    else console.warn(complete.message);
  }
}
