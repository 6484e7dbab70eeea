import { EngineOptionError } from './errors.js';

/** The engines, in no order. */
export const engineNames = ['tensorflow', 'wasm', 'webgpu', 'webgl', 'cpu'] as const;

export type EngineName = (typeof engineNames)[number];

/** The order in which engines are tried where none is asked for. */
export function enginesToTry(isNode: boolean): readonly EngineName[] {
  return isNode ? ['tensorflow', 'wasm', 'cpu'] : ['webgpu', 'webgl', 'wasm', 'cpu'];
}

/**
 * The engine that a text names.
 *
 * @throws EngineOptionError for any other text; the message lists the engines
 */
export function parseEngine(text: string): EngineName | 'auto' {
  if (text === 'auto') return text;
  const found = engineNames.find((name) => name === text);
  if (found) return found;
  throw new EngineOptionError(`unknown engine '${text}': expected one of auto, ${engineNames.join(', ')}`);
}
