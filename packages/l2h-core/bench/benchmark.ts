import { defineBenchmark, type FigureContext, type SeedContext } from '@tensor-papers/workbench';
import { armsOf } from './arms.js';
import { type HashingConfig, quick, smoke, standard } from './config.js';
import { figures } from './figures.js';
import { runSeed } from './run-seed.js';
import { studyArms } from './study/arms.js';
import { type StudyConfig, study } from './study/config.js';
import { studyFigures } from './study/figures.js';
import { runStudySeed } from './study/run-study-seed.js';

const isStudy = <Context extends { readonly config: HashingConfig | StudyConfig }>(
  context: Context,
): context is Context & { readonly config: StudyConfig } => 'comparison' in context.config;

export default defineBenchmark<HashingConfig | StudyConfig>({
  paper: 'l2h-core',
  arms: { ...armsOf([standard, quick, smoke]), ...studyArms(study) },
  presets: {
    smoke: { seeds: 1, config: smoke },
    quick: { seeds: 2, config: quick },
    standard: { seeds: 5, config: standard },
    study: { seeds: 3, config: study },
  },
  data: (config) => [('comparison' in config ? config.comparison : config).dataSet],
  runSeed: (context) => (isStudy(context) ? runStudySeed(context) : runSeed(context as SeedContext<HashingConfig>)),
  figures: (context) => (isStudy(context) ? studyFigures(context) : figures(context as FigureContext<HashingConfig>)),
});
