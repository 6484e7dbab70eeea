import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

const scope = '@tensor-papers/';
const generated = new Set(['node_modules', 'dist', '.turbo', '.results', 'test-results', 'coverage', 'fixtures']);
/** The source of `pnpm new:paper`, which is checked as the packages that are made of it. */
const template = 'new-paper/paper-template/';
const sourceFile = /\.[cm]?[jt]s$/;

/** Every file below `folder` that a person wrote, as paths relative to it with forward slashes. */
export function filesBelow(folder, skip = generated) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => !path.split('/').some((part) => skip.has(part)))
    .sort();
}

/**
 * The packages of the repository: name without scope, folder, manifest, kind and source files.
 * A package is a paper when it has a paper.json.
 */
export function readWorkspace(root) {
  const folders = ['packages', 'apps']
    .flatMap((parent) =>
      existsSync(join(root, parent)) ? readdirSync(join(root, parent)).map((name) => `${parent}/${name}`) : [],
    )
    .concat(existsSync(join(root, 'tools')) ? ['tools'] : []);
  return folders
    .filter((folder) => existsSync(join(root, folder, 'package.json')))
    .map((folder) => {
      const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
      return {
        name: manifest.name.replace(scope, ''),
        folder,
        manifest,
        isPaper: existsSync(join(root, folder, 'paper.json')),
        sources: filesBelow(join(root, folder)).filter((path) => sourceFile.test(path) && !path.startsWith(template)),
      };
    });
}

/** The siblings among a manifest's dependencies, without the scope. */
export function siblings(dependencies = {}) {
  return Object.keys(dependencies)
    .filter((name) => name.startsWith(scope))
    .map((name) => name.slice(scope.length));
}
