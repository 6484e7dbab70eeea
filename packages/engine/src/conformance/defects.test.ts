import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs';
import type { EngineName } from '../engine-name.js';
import { loadInstaller } from '../installer.js';
import { useEngine } from '../use-engine.js';

const packageFolder = join(__dirname, '../..');
const page = readFileSync(join(packageFolder, '../../docs/engine-defects.md'), 'utf8');

interface Reproduction {
  readonly title: string;
  readonly program: string;
  /** By the names that the page uses: expected, every backend, a backend, repaired. */
  readonly results: Readonly<Record<string, string>>;
}

const reproductions: Reproduction[] = page.split(/^## /m).flatMap((section) =>
  [...section.matchAll(/```js\n([\s\S]*?)```\s+```text\n([\s\S]*?)```/g)].map(([, program, text]) => ({
    title: section.split('\n')[0]!,
    program: program!,
    results: Object.fromEntries(
      text!
        .trim()
        .split('\n')
        .map((line) => [line.slice(0, line.indexOf(': ')), line.slice(line.indexOf(': ') + 2)]),
    ),
  })),
);

/** What a program prints, or the first line of what it throws. */
function run(program: string): string {
  const printed: string[] = [];
  tf.engine().startScope();
  try {
    new Function('tf', 'console', program)(tf, { log: (text: string) => printed.push(text) });
    return printed.join('\n');
  } catch (error) {
    return `throws ${(error as Error).message.split('\n')[0]}`;
  } finally {
    tf.engine().endScope();
  }
}

/** What every reproduction gives, engine by engine; stock engines first, since repairs stay. */
const got = new Map<string, string[]>();

beforeAll(async () => {
  const { linked } = await (await loadInstaller()).installState({ from: process.cwd() });
  const stockEngines: EngineName[] = [...(linked ? ['tensorflow' as const] : []), 'wasm', 'cpu'];
  const start = async (engine: EngineName, stock: boolean) => {
    await useEngine({ engine, stock, log: () => {} });
    got.set(
      stock ? engine : `repaired ${engine}`,
      reproductions.map(({ program }) => run(program)),
    );
  };
  for (const engine of stockEngines) await start(engine, true);
  for (const engine of stockEngines) await start(engine, false);
}, 60_000);

describe('docs/engine-defects.md', () => {
  it('has programs of at most six lines, and names files that exist', () => {
    expect(reproductions).toHaveLength(page.match(/^```js$/gm)!.length);
    expect(Math.max(...reproductions.map(({ program }) => program.trim().split('\n').length))).toBeLessThanOrEqual(6);
    const files = [...page.matchAll(/`(src\/[^`]+)`/g)].map(([, file]) => file!);
    expect(files.filter((file) => !existsSync(join(packageFolder, file)))).toEqual([]);
  });

  it.each(reproductions.map((each, i) => [`${i + 1}. ${each.title}`, i] as const))('%s', (_title, i) => {
    const { expected, repaired = expected, ...stock } = reproductions[i]!.results;
    for (const [engine, results] of got) {
      const wanted = engine.startsWith('repaired') ? repaired : (stock[engine] ?? stock['every backend'] ?? expected);
      expect(`${engine}: ${results[i]}`).toBe(`${engine}: ${wanted}`);
    }
    expect(Object.values(stock)).not.toContain(expected);
  });
});
