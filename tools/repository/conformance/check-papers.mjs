import { checkDataRecipes } from './data-recipes.mjs';
import { checkLicences, checkOneTensorFlow } from './dependencies.mjs';
import { checkFiles } from './files.mjs';
import { checkMethodNotes } from './method-notes.mjs';
import { checkPaperJson, checkResults } from './paper-json.mjs';
import { checkPlaceholders } from './placeholders.mjs';
import { checkReadme } from './readme.mjs';
import { checkTestedSymbols } from './tested-symbols.mjs';

/** Findings about whether every paper is a whole one, each a line: where, what was expected, what is there, what to do. */
export function checkPapers(root, packages) {
  const papers = packages.filter(({ isPaper }) => isPaper);
  return [
    ...papers.flatMap((paper) => [
      ...checkFiles(root, paper),
      ...checkPaperJson(root, paper, packages),
      ...checkResults(root, paper),
      ...checkPlaceholders(root, paper),
      ...checkReadme(root, paper),
      ...checkTestedSymbols(root, paper),
    ]),
    ...checkMethodNotes(root, papers),
    ...checkDataRecipes(root, packages),
    ...checkOneTensorFlow(root),
    ...checkLicences(root, packages),
  ];
}
