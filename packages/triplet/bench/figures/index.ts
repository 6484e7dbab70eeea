import type { Figure } from '@tensor-papers/workbench';
import type { Part } from '../config.js';
import type { Context } from './context.js';
import { draggedShares, fields } from './field.js';
import { neighbours, projections } from './pictures.js';
import { rates } from './rates.js';
import { effects, overQueries, recallTable } from './tables.js';
import { diagrams, trainingCurves } from './training.js';

/** The figures of the report, from the outcomes of all seeds. */
export function figures(context: Context): Figure[] {
  return context.preset === 'study' ? ofStudy(context) : ofExperiment(context);
}

/** Learning rates one by one; then the parts in which each arm has its own. */
function ofStudy(context: Context): Figure[] {
  const chosen = context.config.parts.filter(({ learningRates }) => learningRates.length > 1);
  return [
    ...rates(context),
    ...chosen.map((part) => recallTable(context, part)),
    ...chosen.map((part) => effects(context, part)),
    ...chosen.flatMap((part) => trainingCurves(context, part)),
  ];
}

function ofExperiment(context: Context): Figure[] {
  const { parts } = context.config;
  const [main] = parts as [Part, ...Part[]];
  const compared = parts.filter(({ trained }) => trained.includes('shn'));
  return [
    ...parts.map((part) => recallTable(context, part)),
    ...compared.map((part) => effects(context, part)),
    ...compared.filter(({ trained }) => trained.includes('sct')).map((part) => overQueries(context, part)),
    ...parts.flatMap((part) => trainingCurves(context, part)),
    ...diagrams(context, main),
    ...neighbours(context, main),
    ...projections(context, main),
    fields(),
    draggedShares(),
  ];
}
