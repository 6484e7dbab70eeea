import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const withoutIndentation = (text) => text.replace(/^[ \t]+/gm, '').trim();

/** Findings about the README of the repository: code that stands in no package, where a test runs it, and links that lead nowhere. */
export function checkRootReadme(root, packages) {
  const text = readFileSync(join(root, 'README.md'), 'utf8');
  return [...checkCode(root, packages, text), ...checkLinks(root, text)];
}

function checkCode(root, packages, text) {
  const blocks = [...text.matchAll(/^```(?:ts|text)\n([\s\S]*?)^```/gm)].map(([, code]) => code);
  if (blocks.length === 0) return [];
  const places = packages
    .flatMap(({ folder, sources }) => [`${folder}/README.md`, ...sources.map((path) => `${folder}/${path}`)])
    .filter((path) => existsSync(join(root, path)))
    .map((path) => withoutIndentation(readFileSync(join(root, path), 'utf8')));
  return blocks
    .filter((code) => !places.some((place) => place.includes(withoutIndentation(code))))
    .map((code) => {
      const line = code.trimStart().split('\n')[0];
      return `README.md: expected code of a package's README or sources, there is a block that begins '${line}'; copy it from there`;
    });
}

function checkLinks(root, text) {
  const written = [...text.matchAll(/\]\(([^)\s]+)\)|(?:src|srcset|href)="([^"]+)"/g)];
  return written
    .map(([, link, attribute]) => (link ?? attribute).split('#')[0])
    .filter((path) => path !== '' && !/^[a-z]+:/.test(path) && !existsSync(join(root, path)))
    .map((path) => `README.md: expected a file at ${path}, there is none; correct the link`);
}
