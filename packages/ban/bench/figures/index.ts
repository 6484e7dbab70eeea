import type { Figure } from '@tensor-papers/workbench';
import type { Part } from '../config.js';
import { armValues } from './arm-values.js';
import type { Context } from './context.js';
import { effects } from './effects.js';
import { generations, generationTable } from './generations.js';
import { learningCurves } from './learning-curves.js';
import { confusion, softOutputs } from './pictures.js';
import { reliability } from './reliability.js';
import { studyMap } from './study-map.js';
import { studyValues } from './study-values.js';

/** The figures of the report, from the outcomes of all seeds. */
export function figures(context: Context): Figure[] {
  if (context.preset === 'study') return [...studyMap(context), studyValues(context)];
  const { parts } = context.config;
  const [main] = parts as [Part, ...Part[]];
  const whole = parts.filter(({ trained }) => trained.includes('ban-3'));
  return [
    ...parts.map((part) => effects(context, part)),
    ...whole.map((part) => generations(context, part)),
    ...whole.map((part) => generationTable(context, part)),
    ...parts.filter(({ validationPerClass }) => validationPerClass > 0).map((part) => learningCurves(context, part)),
    ...whole.map((part) => reliability(context, part)),
    softOutputs(context, main),
    confusion(context, main),
    ...armValues(context),
  ];
}
