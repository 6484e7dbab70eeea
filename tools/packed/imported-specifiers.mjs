import ts from 'typescript';

/** What a JavaScript or TypeScript file imports, requires or names in `import('…')`, types included. */
export function importedSpecifiers(text) {
  return [...new Set(ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName))];
}

/** The package of a specifier: `@scope/name/sub` → `@scope/name`. */
export const packageOf = (specifier) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
