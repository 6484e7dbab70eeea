// REPLACE: seeds of each preset. `paper` has to stay the name of the folder.
import { defineBenchmark } from '@tensor-papers/workbench';
import { arms } from './arms.js';
import type { ExperimentConfig } from './config.js';
import { figures } from './figures.js';
import { quick, smoke, standard, study } from './presets.js';
import { runSeed } from './run-seed.js';
import { dataSetId } from './splits.js';

export default defineBenchmark<ExperimentConfig>({
  paper: 'paper-name',
  arms: Object.fromEntries(Object.entries(arms).map(([name, { what }]) => [name, what])),
  presets: {
    smoke: { seeds: 1, config: smoke },
    quick: { seeds: 2, config: quick },
    standard: { seeds: 5, config: standard },
    study: { seeds: 3, config: study },
  },
  data: () => [dataSetId],
  runSeed,
  figures,
});
