import { defineBenchmark } from '@tensor-papers/workbench';
import { armsOf } from './arms.js';
import { type HashingConfig, quick, smoke, standard } from './config.js';
import { figures } from './figures.js';
import { runSeed } from './run-seed.js';

export default defineBenchmark<HashingConfig>({
  paper: 'l2h-core',
  arms: armsOf([standard, quick, smoke]),
  presets: {
    smoke: { seeds: 1, config: smoke },
    quick: { seeds: 2, config: quick },
    standard: { seeds: 5, config: standard },
  },
  data: ({ dataSet }) => [dataSet],
  runSeed,
  figures,
});
