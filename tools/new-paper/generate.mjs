import { lstatSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { filesBelow, readWorkspace } from '../repository/workspace.mjs';
import { problemOfName } from './name.mjs';
import { sortImports } from './sort-imports.mjs';
import { ceilings, withCeilings } from './with-ceilings.mjs';

/** What a paper is made of, all of it real: every word `paper-name` in it becomes the new name. */
const templates = fileURLToPath(new URL('.', import.meta.url));
/** Left there by somebody who tried something in the template. */
const leftovers = new Set(['node_modules', 'dist', '.turbo', '.results', 'test-results', 'coverage', '__pycache__']);

/** A name that no paper can have, or that is taken. */
export class PaperNameError extends Error {
  code = 'new-paper/bad-name';
  name = 'PaperNameError';
}

/** Where a paper lies: its package, the note on its method, and the page of its API, which `check:packed` compares. */
const placesOf = (name) => ({
  folder: `packages/${name}`,
  note: `docs/methods/${name}.md`,
  api: `tools/packed/api/${name}.md`,
});

/** Where a name stands already, as a sentence that says what to do; undefined where it is free. */
function problemOfPlaces(root, name) {
  const found = [...Object.values(placesOf(name)), `results/${name}.json`].find((path) =>
    lstatSync(join(root, path), { throwIfNoEntry: false }),
  );
  if (found) return `${found} is there already: choose another name, or remove it first`;
  const namesake = readWorkspace(root).find((each) => each.name === name);
  return namesake && `${namesake.folder} is called @tensor-papers/${name} already: choose another name`;
}

/**
 * Writes a paper out of the templates: its package, the note on its method, the page of its API, and its line in the table of sizes. All
 * of it or nothing.
 *
 * @returns the files that are new, relative to the root
 * @throws PaperNameError for a name that no paper can have, or that is taken
 */
export function generatePaper(root, name, { from = templates } = {}) {
  const problem = problemOfName(name) ?? problemOfPlaces(root, name);
  if (problem) throw new PaperNameError(problem);

  const { folder, note, api } = placesOf(name);
  const template = join(from, 'paper-template');
  const sources = new Map([
    ...filesBelow(template, leftovers).map((file) => [`${folder}/${file}`, join(template, file)]),
    [`${folder}/LICENSE`, join(root, 'LICENSE')],
    [note, join(from, 'method-note.md')],
    [api, join(from, 'api-page.md')],
  ]);
  const temporary = mkdtempSync(join(root, 'packages', '.new-paper-'));
  const write = (path, text) => {
    mkdirSync(dirname(join(temporary, path)), { recursive: true });
    writeFileSync(join(temporary, path), text);
  };
  try {
    for (const [path, source] of sources) {
      write(path, sortImports(readFileSync(source, 'utf8').replaceAll('paper-name', name)));
    }
    write(ceilings, withCeilings(readFileSync(join(root, ceilings), 'utf8'), name));
    moveAll(temporary, root, [note, api, folder], ceilings);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  return [...sources.keys()];
}

/** Moves what is new, then puts the changed file in the place of the old one; takes everything back where one of these fails. */
function moveAll(from, to, paths, changed) {
  const moved = [];
  try {
    for (const path of paths) {
      mkdirSync(join(to, dirname(path)), { recursive: true });
      renameSync(join(from, path), join(to, path));
      moved.push(path);
    }
    renameSync(join(from, changed), join(to, changed));
  } catch (error) {
    for (const path of moved) rmSync(join(to, path), { recursive: true });
    throw error;
  }
}
