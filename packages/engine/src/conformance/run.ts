import * as tf from '@tensorflow/tfjs';
import type { CaseResult, ConformanceCase, Outcome } from './case.js';
import { operations } from './operations.js';

/** Float32 against float64 over a few dozen additions. */
const tolerance = 1e-4;

/** Runs a case on the current backend, forward and backward. */
export function runCase(conformanceCase: ConformanceCase): CaseResult {
  const { id, op, output, cotangent, gradients } = conformanceCase;
  const operation = operations[op];
  if (!operation) throw new Error(`conformance: case '${id}' uses '${op}', which operations.ts does not have`);
  const compute = (inputs: readonly tf.Tensor[]) => operation(inputs, conformanceCase.args);
  const forward = attempt(() => {
    const got = compute(makeInputs(conformanceCase));
    return got.shape.join() === output.shape.join()
      ? compare(got, output.values)
      : { status: 'wrong', message: `shape [${got.shape.join(', ')}] instead of [${output.shape.join(', ')}]` };
  });
  if (!gradients || !cotangent) return { id, op, forward, gradient: null };
  const gradient = attempt(() => {
    const inputs = makeInputs(conformanceCase);
    const chosen = gradients.map(({ input }) => inputs[input]!);
    const dy = tf.tensor(cotangent, output.shape);
    const grads = tf.grads((...variables: tf.Tensor[]) => {
      const all = [...inputs];
      gradients.forEach(({ input }, i) => {
        all[input] = variables[i]!;
      });
      return compute(all);
    })(chosen, dy);
    return worst(grads.map((grad, i) => compare(grad, gradients[i]!.values)));
  });
  return { id, op, forward, gradient };
}

function makeInputs({ inputs }: ConformanceCase): tf.Tensor[] {
  return inputs.map(({ shape, dtype, values }) => tf.tensor(values, shape, dtype));
}

function attempt(run: () => Outcome): Outcome {
  tf.engine().startScope();
  try {
    return run();
  } catch (error) {
    const message = (error instanceof Error ? error.message : String(error)).split('\n')[0]!;
    // "Kernel 'X' not registered for backend 'Y'", "gradient function not found for X"
    const isMissing = /not registered|gradient function not found|not (yet )?implemented|not supported/i.test(message);
    return { status: isMissing ? 'missing' : 'failed', message };
  } finally {
    tf.engine().endScope();
  }
}

function compare(got: tf.Tensor, wanted: readonly number[]): Outcome {
  const values = got.dataSync();
  if (values.length !== wanted.length) {
    return { status: 'wrong', message: `${values.length} values instead of ${wanted.length}` };
  }
  let error = 0;
  for (let i = 0; i < wanted.length; i++) {
    const off = Math.abs(values[i]! - wanted[i]!) / Math.max(1, Math.abs(wanted[i]!));
    error = Number.isNaN(off) ? Number.POSITIVE_INFINITY : Math.max(error, off);
  }
  return error <= tolerance
    ? { status: 'ok', error }
    : { status: 'wrong', error, message: `off by ${error.toPrecision(2)}` };
}

function worst(outcomes: readonly Outcome[]): Outcome {
  return (
    outcomes.find(({ status }) => status !== 'ok') ?? {
      status: 'ok',
      error: Math.max(0, ...outcomes.map(({ error }) => error ?? 0)),
    }
  );
}
