import type { Recipe } from '@tensor-papers/datasets';
import { emojiRecipe } from './emoji.js';

export default [emojiRecipe] satisfies readonly Recipe[];
