import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { finding } from './finding.mjs';
import { publicValues } from './syntax.mjs';

const folder = 'docs/methods';

/** Names in backticks under '## From equation to code', a table of what stands for what. */
function namesIn(text) {
  const section = /^## From equation to code\n([\s\S]*?)(?=^## |$(?![\s\S]))/m.exec(text)?.[1] ?? '';
  return [...section.matchAll(/`([A-Za-z]\w*)`/g)].map(([, name]) => name);
}

/**
 * Findings about the notes on methods: one for each paper, with a title, names that the package has, and sources; and none without a
 * paper.
 */
export function checkMethodNotes(root, papers) {
  const names = papers.map(({ name }) => name);
  const stray = existsSync(join(root, folder))
    ? readdirSync(join(root, folder)).filter((file) => file.endsWith('.md') && !names.includes(file.slice(0, -3)))
    : [];
  return [
    ...papers.flatMap((paper) => {
      const { name } = paper;
      const path = `${folder}/${name}.md`;
      if (!existsSync(join(root, path))) {
        return [finding(path, `a note on the method of packages/${name}`, 'none', 'explain the method to a student')];
      }
      const text = readFileSync(join(root, path), 'utf8');
      return [
        ...(/^# \S/.test(text) ? [] : [finding(path, 'a title in the first line', 'none', "begin with '# …'")]),
        ...(/^## Sources$/m.test(text) ? [] : [finding(path, "a section '## Sources'", 'none', 'name the sources')]),
        ...checkSymbols(root, paper, path, text),
      ];
    }),
    ...stray.map((file) => finding(`${folder}/${file}`, 'a paper of that name', 'none', 'rename or remove the note')),
  ];
}

function checkSymbols(root, paper, path, text) {
  const exported = publicValues(root, paper);
  return namesIn(text)
    .filter((name) => !exported.has(name))
    .map((name) => finding(path, `public symbols of ${paper.folder}`, `\`${name}\``, 'name what src/index.ts exports'));
}
