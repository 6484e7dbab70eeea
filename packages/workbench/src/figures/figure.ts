import { z } from 'zod';
import { barsSchema } from './bars.js';
import { confusionSchema } from './confusion.js';
import { curveSchema } from './curve.js';
import { formulaSchema } from './formula.js';
import { gallerySchema } from './gallery.js';
import { imageGridSchema } from './image-grid.js';
import { scatterSchema } from './scatter.js';
import { tableSchema } from './table.js';

export const figureSchema = z.discriminatedUnion('kind', [
  curveSchema,
  barsSchema,
  confusionSchema,
  gallerySchema,
  imageGridSchema,
  scatterSchema,
  tableSchema,
  formulaSchema,
]);

/** A typed block that a paper emits and the report draws without knowing the paper. */
export type Figure = z.infer<typeof figureSchema>;
