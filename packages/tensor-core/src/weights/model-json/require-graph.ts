import { describeValue } from '../describe-value.js';
import { ModelFormatError } from '../errors.js';

type JsonObject = Readonly<Record<string, unknown>>;

/** Most layers of one graph: TensorFlow.js takes time in the square of it. */
const maximumLayers = 10_000;

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const bad = (message: string, value?: unknown): ModelFormatError =>
  new ModelFormatError(
    'weights/bad-topology',
    `modelTopology: ${message}${value === undefined ? '' : `, got ${describeValue(value)}`}; save the model again`,
  );

/** What TensorFlow.js turns a key into. */
const camelCase = (key: string): string =>
  key.length <= 1 ? key : key.replace(/_+(\w|$)/g, (_, next: string) => next.toUpperCase());

/** A field under whichever spelling; two spellings of one field are refused. */
function field(object: JsonObject, name: string): unknown {
  const spellings = Object.keys(object).filter((key) => camelCase(key) === name);
  if (spellings.length > 1) throw bad(`expected one of the keys ${spellings.join(', ')}`);
  return spellings.length === 1 ? object[spellings[0]!] : undefined;
}

/** How often a layer has been called before its graph is: an input stands for itself, a model has called its own layers. */
function callsAtStart(layer: JsonObject): number {
  const config = field(layer, 'config');
  const layers = isObject(config) ? field(config, 'layers') : config;
  const isModel = Array.isArray(layers) && layers.length > 0;
  return isModel || field(layer, 'className') === 'InputLayer' ? 1 : 0;
}

interface Layer {
  calls: number;
  /** For each call of this layer, those of other layers that wait for it. */
  readonly waiting: Map<number, Call[]>;
}

interface Call {
  readonly of: Layer;
  unmet: number;
}

function requireName(layer: unknown): string {
  if (!isObject(layer)) throw bad('expected a layer { class_name, config, name, inbound_nodes }', layer);
  const { name } = layer;
  const config = field(layer, 'config');
  const own = isObject(config) ? config.name : undefined;
  if (typeof name !== 'string' || name === '__proto__' || (own !== undefined && own !== name)) {
    throw bad('expected a layer to have one name', { name, 'config.name': own });
  }
  return name;
}

function requireInput(input: unknown, layers: ReadonlyMap<string, Layer>): [layer: Layer, call: number] {
  const [name, call] = Array.isArray(input) ? (input as unknown[]) : [];
  const layer = typeof name === 'string' ? layers.get(name) : undefined;
  if (layer === undefined || !Number.isInteger(call) || (call as number) < 0) {
    throw bad('expected an input [name of a layer, call, output]', input);
  }
  return [layer, call as number];
}

/** Throws unless the calls of all layers can be made in some order. */
function requireOrder(list: readonly unknown[]): void {
  if (list.length > maximumLayers) throw bad(`expected at most ${maximumLayers} layers, got ${list.length}`);
  const layers = new Map<string, Layer>();
  for (const layer of list) {
    const name = requireName(layer);
    if (layers.has(name)) throw bad(`two layers have the name ${describeValue(name)}`);
    layers.set(name, { calls: callsAtStart(layer as JsonObject), waiting: new Map() });
  }
  const ready: Call[] = [];
  let pending = 0;
  for (const layer of list as JsonObject[]) {
    const nodes = field(layer, 'inboundNodes');
    if (!Array.isArray(nodes)) throw bad('expected inbound_nodes to be a list', nodes);
    for (const node of nodes) {
      if (!Array.isArray(node)) throw bad('expected an inbound node to be a list of inputs', node);
      if (node.length === 0) continue;
      const call: Call = { of: layers.get(layer.name as string)!, unmet: 0 };
      pending++;
      for (const input of node) {
        const [inbound, index] = requireInput(input, layers);
        if (index < inbound.calls) continue;
        call.unmet++;
        const waiting = inbound.waiting.get(index);
        if (waiting) waiting.push(call);
        else inbound.waiting.set(index, [call]);
      }
      if (call.unmet === 0) ready.push(call);
    }
  }
  for (let call = ready.pop(); call !== undefined; call = ready.pop()) {
    pending--;
    for (const next of call.of.waiting.get(call.of.calls) ?? []) {
      next.unmet--;
      if (next.unmet === 0) ready.push(next);
    }
    call.of.calls++;
  }
  if (pending > 0) throw bad(`${pending} calls of layers wait for one another or for calls that are not made`);
}

/**
 * Checks the graphs of a topology, nested ones too.
 *
 * TensorFlow.js waits for ever for a layer's input that never comes.
 *
 * @throws ModelFormatError
 */
export function requireGraph(topology: unknown): void {
  const open: unknown[] = [topology];
  while (open.length > 0) {
    const value = open.pop();
    if (Array.isArray(value)) for (const item of value) open.push(item);
    if (!isObject(value)) continue;
    for (const item of Object.values(value)) open.push(item);
    const layers = field(value, 'layers');
    const isGraph = Array.isArray(layers) && layers.some((layer) => isObject(layer) && 'name' in layer);
    if (isGraph) requireOrder(layers);
  }
}
