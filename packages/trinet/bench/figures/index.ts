import type { Figure } from '@tensor-papers/workbench';
import type { Part } from '../config.js';
import type { Context } from './context.js';
import { armValues, effects } from './effects.js';
import { edited } from './pictures.js';
import { accepted, acceptedAgainstWrong, disagreement, learningCurves, pseudoLabelError } from './rounds.js';
import { studyMap } from './study-map.js';

/** The figures of the report, from the outcomes of all seeds. */
export function figures(context: Context): Figure[] {
  const inDetail = ({ prefix }: Part) => !/^n\d+\//.test(prefix);
  const parts = context.config.parts.filter(inDetail);
  return [
    ...(context.preset === 'study' ? studyMap(context) : []),
    ...parts.map((part) => effects(context, part)),
    ...parts.map((part) => learningCurves(context, part)),
    ...parts.map((part) => disagreement(context, part)),
    ...parts.map((part) => pseudoLabelError(context, part)),
    ...parts.map((part) => accepted(context, part)),
    ...parts.map((part) => acceptedAgainstWrong(context, part)),
    ...parts.map((part) => edited(context, part)),
    armValues(context, parts),
  ];
}
