import { defineBenchmark } from '@tensor-papers/workbench';
import { armsOf } from './arms.js';
import type { TripletConfig } from './config.js';
import { figures } from './figures/index.js';
import { paper, quick, smoke, standard, study } from './presets.js';
import { runSeed } from './run-seed.js';

export default defineBenchmark<TripletConfig>({
  paper: 'triplet',
  arms: armsOf([smoke, standard, study, paper]),
  presets: {
    smoke: { seeds: 1, config: smoke },
    quick: { seeds: 2, config: quick },
    standard: { seeds: 10, config: standard },
    study: { seeds: 3, config: study },
    paper: { seeds: 1, config: paper },
  },
  data: ({ parts }) => [...new Set(parts.map(({ dataSet }) => dataSet))],
  runSeed,
  figures,
});
