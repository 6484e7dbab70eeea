import { classBalancedIndices } from '@tensor-papers/datasets';
import { createMatrix } from '@tensor-papers/numerics/linalg';
import { createRng } from '@tensor-papers/numerics/random';
import { tensorOperations } from '@tensor-papers/tensor-core/linalg';
import type { SeedContext, SeedOutcome } from '@tensor-papers/workbench';
import { evaluate } from '../../src/index.js';
import { methods } from '../methods.js';
import { drawSplits, type Vectors } from '../splits.js';
import { labelledArm, searchArm, studied } from './arms.js';
import type { StudyConfig } from './config.js';
import { searchTimes } from './search-times.js';

/** The map for one seed. */
export async function runStudySeed({ seed, config, signal, progress }: SeedContext<StudyConfig>): Promise<SeedOutcome> {
  const rng = createRng(seed);
  const arms: Record<string, Record<string, number>> = {};
  const notes = new Set<string>();
  const steps = config.recipes.length * config.sizes.length + config.labelled.length * studied.length;
  let done = 0;
  const step = (label: string) => {
    signal.throwIfAborted();
    progress(++done / steps, label);
  };
  for (const recipe of config.recipes) {
    for (const n of config.sizes) {
      const times = await searchTimes(recipe, n, config.neighbors, config.queries, rng.stream(`${recipe}/${n}`));
      times.forEach((metrics, i) => {
        arms[searchArm(recipe, n, config.neighbors[i]!)] = metrics;
      });
      step(`${n} ${recipe} codes`);
    }
  }

  const { queries, database, source } = await drawSplits(config.comparison, rng, signal);
  const operations = tensorOperations();
  const relevance = { queryLabels: queries.labels, databaseLabels: database.labels };
  for (const n of config.labelled) {
    const chosen = classBalancedIndices(
      database.labels,
      n / database.images.classNames.length,
      rng.stream(`labelled/${n}`),
    );
    const { vectors, labels } = rowsAt(database, chosen);
    for (const name of studied) {
      const hasher = methods[name]!.make(config.bits, config.comparison);
      const { warnings } = await hasher.fit(vectors, {
        ...{ seed: rng.stream('methods').seed(), operations, signal },
        ...(methods[name]!.supervised && { labels }),
      });
      const encoding = { operations, signal };
      const { meanAveragePrecision } = evaluate({
        queryCodes: await hasher.encode(queries.vectors, encoding),
        dbCodes: await hasher.encode(database.vectors, encoding),
        relevance,
      });
      arms[labelledArm(name, n)] = { map: 100 * meanAveragePrecision };
      for (const warning of warnings) notes.add(`${labelledArm(name, n)}: ${warning}`);
      step(labelledArm(name, n));
    }
  }
  const { id, sha256, licence, citation } = source;
  return { arms, data: [{ id, sha256, licence, citation }], notes: [...notes] };
}

function rowsAt({ vectors: { values, columns }, labels }: Vectors, indices: ArrayLike<number>) {
  const taken = new Float32Array(indices.length * columns);
  for (let i = 0; i < indices.length; i++) {
    taken.set(values.subarray(indices[i]! * columns, (indices[i]! + 1) * columns), i * columns);
  }
  return {
    vectors: createMatrix(taken, indices.length),
    labels: Int32Array.from(indices, (index) => labels[index]!),
  };
}
