import type { CheckpointPart, HostTensor, JsonValue, PartState } from '@tensor-papers/tensor-core/train';
import { ConfigurationError } from './errors.js';
import type { HeadNumber } from './heads.js';
import type { EditedPseudoLabels } from './pseudo-labels.js';
import type { HeadReport, RoundReport, TriNetWarning } from './round-report.js';

/** What a head is about to be trained on, and what is reported of it so far. */
export interface PreparedHead {
  readonly pseudoLabels: EditedPseudoLabels;
  readonly report: Omit<HeadReport, 'losses'>;
}

/** Where a run stands between the steps of a phase: all of it but weights, optimiser and the loop's own state. */
export interface RunState {
  /** Which phase is under way. */
  phase: number;
  /** Finished rounds. */
  history: RoundReport[];
  /** Heads of the round that are trained. */
  heads: HeadReport[];
  /** Heads of the round whose pseudo-labels are there. */
  prepared: Map<HeadNumber, PreparedHead>;
  warnings: TriNetWarning[];
}

/** What decides the numbers of a run, by the name of the option. */
export type Configuration = Readonly<Record<string, JsonValue>>;

interface SavedValues {
  readonly configuration: Configuration;
  readonly phase: number;
  readonly history: RoundReport[];
  readonly heads: HeadReport[];
  readonly prepared: { readonly head: HeadNumber; readonly report: PreparedHead['report'] }[];
  readonly warnings: TriNetWarning[];
}

/** The state of a run as a part of a checkpoint. @param phases how many there are */
export function statePart(state: RunState, configuration: Configuration, phases: number): CheckpointPart {
  return {
    capture: () => ({ values: saved(state, configuration) as unknown as JsonValue, tensors: savedTensors(state) }),
    prepareRestore: (part) => {
      const values = part.values as unknown as SavedValues;
      requireSameConfiguration(values.configuration, configuration);
      if (values.phase >= phases) {
        const round = values.history.length;
        throw new ConfigurationError(
          `resume: the checkpoint stands in round ${round}, after the last round of this run; give \`rounds\` of at least ${round}`,
        );
      }
      return () => {
        state.phase = values.phase;
        state.history = [...values.history];
        state.heads = [...values.heads];
        state.warnings = [...values.warnings];
        state.prepared = new Map(
          values.prepared.map(({ head, report }) => [head, { report, pseudoLabels: pseudoLabelsOf(part, head) }]),
        );
      };
    },
  };
}

function saved({ prepared, ...state }: RunState, configuration: Configuration): SavedValues {
  const list = [...prepared].map(([head, { report }]) => ({ head, report }));
  return { ...state, configuration, prepared: list };
}

function savedTensors({ prepared }: RunState): Record<string, HostTensor> {
  return Object.fromEntries(
    [...prepared].flatMap(([head, { pseudoLabels }]) =>
      Object.entries(pseudoLabels as unknown as Record<string, Int32Array | Float32Array>).map(([name, data]) => [
        `head${head}/${name}`,
        { dtype: data instanceof Float32Array ? 'float32' : 'int32', shape: [data.length], data } satisfies HostTensor,
      ]),
    ),
  );
}

function pseudoLabelsOf({ tensors = {} }: PartState, head: HeadNumber): EditedPseudoLabels {
  const prefix = `head${head}/`;
  const own = Object.entries(tensors).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(own.map(([name, { data }]) => [name.slice(prefix.length), data.slice()])) as never;
}

/** @throws ConfigurationError naming every option that differs */
function requireSameConfiguration(saved: Configuration, own: Configuration): void {
  const names = [...new Set([...Object.keys(saved), ...Object.keys(own)])];
  const text = (value: JsonValue | undefined) => JSON.stringify(value) ?? 'none';
  const differences = names
    .filter((name) => text(saved[name]) !== text(own[name]))
    .map((name) => `${name}: the checkpoint has ${text(saved[name])}, this run ${text(own[name])}`);
  if (differences.length === 0) return;
  throw new ConfigurationError(
    `resume: the checkpoint belongs to a run with other options: ${differences.join('; ')}. Go on with those that were saved, or start without resuming`,
  );
}
