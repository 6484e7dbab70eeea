import * as tf from '@tensorflow/tfjs';

/** What one kernel cost. */
export interface KernelCost {
  readonly kernel: string;
  readonly calls: number;
  /** Without the kernels that it called itself. */
  readonly milliseconds: number;
}

/** Where the time of a piece of work went. */
export interface Profile {
  readonly milliseconds: number;
  /** Most expensive first. */
  readonly kernels: readonly KernelCost[];
  /** What is not inside a kernel: JavaScript, gradients' bookkeeping, freeing of memory, waiting. */
  readonly outsideMilliseconds: number;
}

/**
 * Runs `work` and measures each kernel of the current backend: number of calls and time. Exact where kernels run synchronously
 * (tensorflow, wasm, cpu); on a graphics processor only the time to submit them is seen.
 *
 * @example
 * const { kernels } = await profile(() => trainStep());
 */
export async function profile(work: () => unknown): Promise<Profile> {
  const costs = new Map<string, { calls: number; milliseconds: number }>();
  const restore = wrapKernels(costs);
  const start = performance.now();
  try {
    await work();
  } finally {
    restore();
  }
  const milliseconds = performance.now() - start;
  const kernels = [...costs]
    .map(([kernel, cost]) => ({ kernel, ...cost }))
    .sort((a, b) => b.milliseconds - a.milliseconds || a.kernel.localeCompare(b.kernel));
  const inside = kernels.reduce((sum, cost) => sum + cost.milliseconds, 0);
  return { milliseconds, kernels, outsideMilliseconds: milliseconds - inside };
}

/** Puts a stop-watch around every kernel of the current backend; the returned function takes them away. */
function wrapKernels(costs: Map<string, { calls: number; milliseconds: number }>): () => void {
  const backendName = tf.getBackend();
  const stock = tf.getKernelsForBackend(backendName);
  // Time of the kernels inside the running one, which is not its own.
  let inner = 0;
  for (const kernel of stock) {
    const kernelFunc: tf.KernelFunc = (call) => {
      const outer = inner;
      inner = 0;
      const start = performance.now();
      try {
        return kernel.kernelFunc(call);
      } finally {
        const whole = performance.now() - start;
        const cost = costs.get(kernel.kernelName) ?? { calls: 0, milliseconds: 0 };
        costs.set(kernel.kernelName, { calls: cost.calls + 1, milliseconds: cost.milliseconds + whole - inner });
        inner = outer + whole;
      }
    };
    tf.unregisterKernel(kernel.kernelName, backendName);
    tf.registerKernel({ ...kernel, kernelFunc });
  }
  return () => {
    for (const kernel of stock) {
      tf.unregisterKernel(kernel.kernelName, backendName);
      tf.registerKernel(kernel);
    }
  };
}

/** The profile as lines for a person: the kernels that cost most, then the rest. */
export function formatProfile({ milliseconds, kernels, outsideMilliseconds }: Profile, rows = 20): string {
  const line = (name: string, calls: number | '', cost: number) =>
    `${name.padEnd(36)}${String(calls === '' ? '' : Math.round(10 * calls) / 10).padStart(7)}${cost.toFixed(2).padStart(11)} ms${((100 * cost) / milliseconds).toFixed(1).padStart(7)} %`;
  const rest = kernels.slice(rows);
  return [
    ...kernels.slice(0, rows).map(({ kernel, calls, milliseconds: cost }) => line(kernel, calls, cost)),
    ...(rest.length > 0
      ? [
          line(
            `${rest.length} other kernels`,
            rest.reduce((sum, { calls }) => sum + calls, 0),
            rest.reduce((sum, { milliseconds: cost }) => sum + cost, 0),
          ),
        ]
      : []),
    line('outside kernels', '', outsideMilliseconds),
    line(
      'in all',
      kernels.reduce((sum, { calls }) => sum + calls, 0),
      milliseconds,
    ),
  ].join('\n');
}
