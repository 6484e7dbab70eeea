import * as tf from '@tensorflow/tfjs';
import type { Patch } from './patch.js';

/** What was recorded of one operation of the forward pass. */
interface TapeNode {
  readonly kernelName: string;
  readonly inputs: Readonly<Record<string, tf.Tensor>>;
  readonly outputs: readonly tf.Tensor[];
  /** Clones that the node owns; null in a node that saves nothing. */
  readonly saved: tf.Tensor[] | null;
  readonly gradient?: (dys: (tf.Tensor | null)[]) => Readonly<Record<string, () => tf.Tensor>>;
}

/** What is used of TensorFlow.js' engine beside its public face. */
interface Engine {
  readonly state: {
    activeTape: TapeNode[] | null;
    readonly gradientDepth: number;
    readonly activeScope: { readonly id: number };
  };
  scopedRun<T>(start: () => void, end: () => void, run: () => T): T;
  startTape(): void;
  endTape(): void;
  tidy<T>(name: string, run: () => T): T;
}

interface Gradients {
  readonly value: tf.Tensor;
  readonly grads: (tf.Tensor | undefined)[];
}

/**
 * The backward pass behind `tf.grads`, `tf.variableGrads` and `optimizer.minimize`, which frees on its way what later operations do not
 * need: the tensors that an operation saved, and the gradients of its outputs. The stock one keeps all of them to its end. Same values,
 * and the second derivatives that the stock one loses. A gradient inside another one stays with the stock one.
 */
export const gradients: Patch = {
  name: 'tf.grads',
  target: () => Object.getPrototypeOf(tf.engine()) as object,
  method: 'gradients',
  replace: (stock) =>
    function (this: Engine, f: () => tf.Tensor, xs: tf.Tensor[], dy?: tf.Tensor | null, allowNoGradients = false) {
      const served = this.state.gradientDepth === 0 && xs.length > 0 && (dy == null || dy.dtype === 'float32');
      if (!served) return stock.call(this, f, xs, dy, allowNoGradients) as Gradients;
      const y = this.scopedRun(
        () => this.startTape(),
        () => this.endTape(),
        () => this.tidy('forward', f),
      );
      const tape = afterTheirInputs(this.state.activeTape!);
      try {
        if (!(y instanceof tf.Tensor)) throw new Error('The result y returned by f() must be a tensor.');
        const path = nodesBetween(tape, xs, y);
        if (!allowNoGradients && path.length === 0) {
          throw new Error(
            'Cannot compute gradient of y=f(x) with respect to x. Make sure that the f you passed encloses all operations that lead ' +
              'from x to y.',
          );
        }
        const onPath = new Set(path.map(({ node }) => node));
        for (const node of tape) if (!onPath.has(node)) tf.dispose(node.saved ?? []);
        return this.tidy('backward', () => {
          const found = new FoundGradients(xs, this.state.activeScope.id);
          found.add(y, dy ?? tf.ones(y.shape));
          for (let i = path.length - 1; i >= 0; i--) backpropagate(path[i]!, found);
          return { value: y, grads: xs.map((x) => found.get(x)) };
        });
      } finally {
        for (const { saved } of tape) for (const tensor of saved ?? []) if (!tensor.isDisposed) tensor.dispose();
        this.state.activeTape = null;
      }
    },
};

/**
 * The tape with every operation after those that made its inputs. The clone of an output that is saved for the backward pass is recorded
 * before the operation whose output it is, so that second derivatives through it would be lost (`exp`, `tanh`, …).
 */
function afterTheirInputs(tape: readonly TapeNode[]): TapeNode[] {
  const madeAt = new Map(tape.flatMap(({ outputs }, i) => outputs.map(({ id }) => [id, i])));
  const waiting = new Map<number, TapeNode[]>();
  const ordered: TapeNode[] = [];
  for (const [i, node] of tape.entries()) {
    let last = -1;
    for (const name in node.inputs) last = Math.max(last, madeAt.get(node.inputs[name]!.id) ?? -1);
    if (last > i) waiting.set(last, [...(waiting.get(last) ?? []), node]);
    else ordered.push(node);
    ordered.push(...(waiting.get(i) ?? []));
  }
  return ordered;
}

/** A recorded operation with those of its inputs that depend on an x. */
interface PathNode {
  readonly node: TapeNode;
  readonly inputNames: readonly string[];
}

/** The operations through which y depends on any of xs, in their order. */
function nodesBetween(tape: readonly TapeNode[], xs: readonly tf.Tensor[], y: tf.Tensor): PathNode[] {
  const fromX = new Set(xs.map(({ id }) => id));
  const reached: PathNode[] = [];
  for (const node of tape) {
    const inputNames = Object.keys(node.inputs).filter((name) => fromX.has(node.inputs[name]!.id));
    if (inputNames.length === 0) continue;
    for (const { id } of node.outputs) fromX.add(id);
    reached.push({ node, inputNames });
  }
  const toY = new Set([y.id]);
  const path: PathNode[] = [];
  for (const each of reached.reverse()) {
    if (!each.node.outputs.some(({ id }) => toY.has(id))) continue;
    for (const name of each.inputNames) toY.add(each.node.inputs[name]!.id);
    path.push(each);
  }
  return path.reverse();
}

/** The gradients of tensors that are known so far, each freed with the last tensor that it is the gradient of. */
class FoundGradients {
  readonly #gradients = new Map<number, tf.Tensor>();
  /** How many tensors have this very tensor as their gradient: an operation may hand its dy on as it is. */
  readonly #uses = new Map<tf.Tensor, number>();
  readonly #wanted: ReadonlySet<number>;
  readonly #scope: number;

  constructor(xs: readonly tf.Tensor[], scope: number) {
    this.#wanted = new Set(xs.map(({ id }) => id));
    this.#scope = scope;
  }

  get({ id }: tf.Tensor): tf.Tensor | undefined {
    return this.#gradients.get(id);
  }

  add(of: tf.Tensor, gradient: tf.Tensor): void {
    const before = this.get(of);
    this.#uses.set(gradient, (this.#uses.get(gradient) ?? 0) + 1);
    if (!before) {
      this.#gradients.set(of.id, gradient);
      return;
    }
    const sum = tf.add(before, gradient);
    this.#uses.set(sum, 1);
    this.#gradients.set(of.id, sum);
    this.#release(before);
    this.#release(gradient);
  }

  /** Takes the gradient away of a tensor that no operation before it sees, unless it is asked for. */
  drop(of: tf.Tensor): void {
    const gradient = this.get(of);
    if (!gradient || this.#wanted.has(of.id)) return;
    this.#gradients.delete(of.id);
    this.#release(gradient);
  }

  #release(gradient: tf.Tensor): void {
    const uses = this.#uses.get(gradient)! - 1;
    this.#uses.set(gradient, uses);
    // A gradient function may return a tensor of the user's: only what was made in this backward pass is freed.
    if (uses === 0 && !gradient.kept && (gradient as unknown as { scopeId: number }).scopeId === this.#scope) {
      gradient.dispose();
    }
  }
}

/** Adds the gradients of an operation's inputs, and frees what only this operation needed. */
function backpropagate({ node, inputNames }: PathNode, found: FoundGradients): void {
  const dys = node.outputs.map((output) => found.get(output) ?? null);
  const dxs = tf.tidy(() => {
    if (!node.gradient) throw new Error(`Cannot compute gradient: gradient function not found for ${node.kernelName}.`);
    const functions = node.gradient(dys);
    return inputNames.map((name) => {
      const gradient = functions[name];
      if (!gradient) {
        throw new Error(
          `Cannot backprop through input ${name}. Available gradients found: ${Object.keys(functions).join(',')}.`,
        );
      }
      const dx = tf.tidy(gradient);
      checkGradient(node, name, dx);
      // A saved tensor ends with its node.
      return node.saved?.includes(dx) ? dx.clone() : dx;
    });
  });
  for (const [i, name] of inputNames.entries()) found.add(node.inputs[name]!, dxs[i]!);
  for (const output of node.outputs) found.drop(output);
  for (const tensor of node.saved ?? []) if (!tensor.isDisposed) tensor.dispose();
}

function checkGradient({ kernelName, inputs }: TapeNode, name: string, dx: tf.Tensor): void {
  if (dx.dtype !== 'float32') {
    throw new Error(
      `Error in gradient for op ${kernelName}. The gradient of input ${name} must have 'float32' dtype, but has '${dx.dtype}'`,
    );
  }
  const { shape } = inputs[name]!;
  if (!tf.util.arraysEqual(dx.shape, shape)) {
    throw new Error(
      `Error in gradient for op ${kernelName}. The gradient of input '${name}' has shape '${dx.shape}', which does not match the shape ` +
        `of the input '${shape}'`,
    );
  }
}
