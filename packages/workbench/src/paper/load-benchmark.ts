import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type AnyBenchmark, defineBenchmark } from '../benchmark/define.js';
import type { Claim } from '../claims/claim.js';
import { PaperError } from '../errors.js';
import { unknownName } from '../nearest-name.js';

/** Where a paper's benchmark stands. */
export const benchmarkFile = (folder: string, name: string) => join(folder, name, 'bench', 'benchmark.ts');

/**
 * Imports a paper's `bench/benchmark.ts`; the process has to understand TypeScript (tsx).
 *
 * @throws PaperError when there is none or it cannot be loaded; BenchmarkContractError when it is not what it has to be
 */
export async function loadBenchmark(folder: string, name: string): Promise<AnyBenchmark> {
  const file = benchmarkFile(folder, name);
  if (!existsSync(file)) throw new PaperError(`${name} has no benchmark yet: expected ${file}`);
  let module: { default?: AnyBenchmark };
  try {
    module = await import(pathToFileURL(file).href);
  } catch (error) {
    throw new PaperError(`${file}: cannot be loaded (${(error as Error).message})`, { cause: error });
  }
  if (typeof module.default !== 'object' || module.default === null) {
    throw new PaperError(`${file}: expected \`export default defineBenchmark({ … })\``);
  }
  const benchmark = defineBenchmark(module.default);
  if (benchmark.paper !== name) throw new PaperError(`${file}: expected paper: '${name}', got '${benchmark.paper}'`);
  return benchmark;
}

/** @throws PaperError when a claim compares an arm that the benchmark does not have */
export function checkClaimArms(paper: string, claims: readonly Claim[], arms: readonly string[]): void {
  for (const { id, compare } of claims) {
    for (const arm of compare) {
      if (!arms.includes(arm))
        throw new PaperError(`${paper}: claim ${id} compares an ${unknownName('arm', arm, arms)}`);
    }
  }
}
