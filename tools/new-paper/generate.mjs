import { lstatSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { filesBelow, readWorkspace } from '../repository/workspace.mjs';
import { problemOfName } from './name.mjs';
import { sortImports } from './sort-imports.mjs';

/** What a paper is made of, all of it real: every word `paper-name` in it becomes the new name. */
const templates = fileURLToPath(new URL('.', import.meta.url));
/** Left there by somebody who tried something in the template. */
const leftovers = new Set(['node_modules', 'dist', '.turbo', '.results', 'test-results', 'coverage', '__pycache__']);

/** A name that no paper can have, or that is taken. */
export class PaperNameError extends Error {
  code = 'new-paper/bad-name';
  name = 'PaperNameError';
}

/** Where a paper lies: its package, and the note on its method. */
const placesOf = (name) => ({ folder: `packages/${name}`, note: `docs/methods/${name}.md` });

/** Where a name stands already, as a sentence that says what to do; undefined where it is free. */
function problemOfPlaces(root, name) {
  const { folder, note } = placesOf(name);
  const found = [folder, note, `results/${name}.json`].find((path) =>
    lstatSync(join(root, path), { throwIfNoEntry: false }),
  );
  if (found) return `${found} is there already: choose another name, or remove it first`;
  const namesake = readWorkspace(root).find((each) => each.name === name);
  return namesake && `${namesake.folder} is called @tensor-papers/${name} already: choose another name`;
}

/**
 * Writes `packages/<name>` and `docs/methods/<name>.md` out of the templates: all of it or nothing.
 *
 * @returns the files, relative to the root
 * @throws PaperNameError for a name that no paper can have, or that is taken
 */
export function generatePaper(root, name, { from = templates } = {}) {
  const problem = problemOfName(name) ?? problemOfPlaces(root, name);
  if (problem) throw new PaperNameError(problem);

  const { folder, note } = placesOf(name);
  const sources = new Map([
    ...filesBelow(join(from, 'paper-template'), leftovers).map((file) => [
      `${folder}/${file}`,
      join(from, 'paper-template', file),
    ]),
    [`${folder}/LICENSE`, join(root, 'LICENSE')],
    [note, join(from, 'method-note.md')],
  ]);
  const temporary = mkdtempSync(join(root, 'packages', '.new-paper-'));
  try {
    for (const [path, source] of sources) {
      mkdirSync(dirname(join(temporary, path)), { recursive: true });
      writeFileSync(join(temporary, path), sortImports(readFileSync(source, 'utf8').replaceAll('paper-name', name)));
    }
    mkdirSync(join(root, dirname(note)), { recursive: true });
    renameSync(join(temporary, note), join(root, note));
    try {
      renameSync(join(temporary, folder), join(root, folder));
    } catch (error) {
      rmSync(join(root, note));
      throw error;
    }
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  return [...sources.keys()];
}
