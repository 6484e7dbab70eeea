import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesBelow } from '../workspace.mjs';
import { finding } from './finding.mjs';

/** What `pnpm new:paper` leaves for its author to fill in. */
const placeholder = /\bREPLACE\b/;

/** Findings about a paper with a committed result in which something still waits for its author. */
export function checkPlaceholders(root, { name, folder }) {
  if (!existsSync(join(root, 'results', `${name}.json`))) return [];
  const files = [...filesBelow(join(root, folder)).map((path) => `${folder}/${path}`), `docs/methods/${name}.md`];
  return files
    .filter((path) => existsSync(join(root, path)))
    .flatMap((path) => {
      const line = readFileSync(join(root, path), 'utf8')
        .split('\n')
        .findIndex((each) => placeholder.test(each));
      return line < 0
        ? []
        : [finding(`${path}:${line + 1}`, `no REPLACE beside results/${name}.json`, 'one', 'write what belongs there')];
    });
}
