import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { finding, jsonOf, textOf } from './finding.mjs';

/** Fenced blocks of a language. */
const blocks = (text, language) => [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))];

const hasSection = (text, name) => new RegExp(`^## ${name}\\b`, 'm').test(text);

/**
 * Findings about the README of a paper: how it is installed, an example, claims, deviations, citation. Whether the table of claims is
 * current is checked where it is made.
 */
export function checkReadme(root, pkg) {
  const path = `${pkg.folder}/README.md`;
  if (!existsSync(join(root, path))) return [];
  const text = textOf(root, pkg, 'README.md');
  const paper = jsonOf(join(root, pkg.folder, 'paper.json')) ?? {};
  const none = (expected, todo) => finding(path, expected, 'none', todo);
  const bibtex = paper.citation?.bibtex;
  const remarks = [paper.deviations ?? [], paper.notImplemented ?? []].flat().map((each) => each?.what ?? each);
  return [
    ...checkInstall(path, pkg, text),
    ...(blocks(text, 'ts').some(([, code]) => code.includes(`from '${pkg.manifest.name}'`))
      ? []
      : [none(`an example (a block of ts) that imports ${pkg.manifest.name}`, 'show one of examples/')]),
    ...(hasSection(text, 'Claims') ? [] : [none("a section '## Claims'", 'add it, with the table of claims in it')]),
    ...(hasSection(text, 'Deviations') ? [] : [none("a section '## Deviations …'", 'list those of paper.json')]),
    ...remarks
      .filter((remark) => typeof remark === 'string' && !text.includes(remark))
      .map((remark) => none(`what paper.json admits: '${remark.slice(0, 60)}…'`, 'copy the sentence from there')),
    ...(bibtex && blocks(text, 'bibtex').some(([, block]) => block.trim() === bibtex.trim())
      ? []
      : [none('the BibTeX entry of paper.json in a block of bibtex', 'copy it from there')]),
  ];
}

function checkInstall(path, pkg, text) {
  const line = /^(?:npm i|npm install|pnpm add) .*$/m.exec(text)?.[0];
  if (!line) return [finding(path, `the line npm i ${pkg.manifest.name}`, 'none', 'say how it is installed')];
  const optional = pkg.manifest.peerDependenciesMeta ?? {};
  const peers = Object.keys(pkg.manifest.peerDependencies ?? {}).filter((name) => !optional[name]?.optional);
  const given = line.split(' ');
  return [pkg.manifest.name, ...peers]
    .filter((name) => !given.includes(name))
    .map((name) => finding(path, `${name} among what is installed`, `'${line}'`, 'add it to that line'));
}
