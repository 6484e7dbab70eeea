import { defineBenchmark } from '@tensor-papers/workbench';
import { arms } from './arms.js';
import { type BanConfig, quick, smoke, standard } from './config.js';
import { figures } from './figures.js';
import { runSeed } from './run-seed.js';

export default defineBenchmark<BanConfig>({
  paper: 'ban',
  arms,
  presets: {
    smoke: { seeds: 1, config: smoke },
    quick: { seeds: 2, config: quick },
    standard: { seeds: 5, config: standard },
  },
  data: ({ dataSet }) => [dataSet],
  runSeed,
  figures,
});
