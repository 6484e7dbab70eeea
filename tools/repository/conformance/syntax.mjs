import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

export const parse = (text) => ts.createSourceFile('source.ts', text, ts.ScriptTarget.Latest);

function visit(node, each) {
  each(node);
  ts.forEachChild(node, (child) => visit(child, each));
}

/** Every name that a source uses or declares; comments and texts do not count. */
export function identifiersOf(text) {
  const names = new Set();
  visit(parse(text), (node) => {
    if (ts.isIdentifier(node)) names.add(node.text);
  });
  return names;
}

/** Pieces of text in a source: literals, parts of templates, keys of objects. */
export function piecesOf(text) {
  const pieces = new Set();
  visit(parse(text), (node) => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)) {
      pieces.add(node.text);
    } else if (ts.isPropertyAssignment(node) && ts.isIdentifier(node.name)) {
      pieces.add(node.name.text);
    }
  });
  return pieces;
}

/** The object literals of a source: the text of each field that is a literal, otherwise null; `...` where something is spread into it. */
export function objectsOf(text) {
  const objects = [];
  visit(parse(text), (node) => {
    if (!ts.isObjectLiteralExpression(node)) return;
    const fields = node.properties.map((property) => {
      if (ts.isSpreadAssignment(property)) return ['...', null];
      const isText = ts.isPropertyAssignment(property) && ts.isStringLiteralLike(property.initializer);
      return [property.name?.text ?? '', isText ? property.initializer.text : null];
    });
    objects.push(Object.fromEntries(fields));
  });
  return objects;
}

/** The statements of a source that are no re-export (`export … from '…'`), each by its first line; and what is re-exported from where. */
export function reExportsOf(text) {
  const source = parse(text);
  const others = [];
  const from = [];
  for (const statement of source.statements) {
    if (ts.isExportDeclaration(statement) && statement.moduleSpecifier) from.push(statement.moduleSpecifier.text);
    else others.push(statement.getText(source).split('\n', 1)[0]);
  }
  return { others, from };
}

const isExported = (statement) => statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
const isValue = (statement) =>
  ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement) || ts.isEnumDeclaration(statement);

/**
 * The values that a file exports, types left out: public name → names that stand for it, its own where it is declared included.
 * `export *` is followed into files of the package.
 */
export function exportedValues(file) {
  const values = new Map();
  const source = parse(readFileSync(file, 'utf8'));
  for (const statement of source.statements) {
    if (ts.isVariableStatement(statement) && isExported(statement)) {
      for (const { name } of statement.declarationList.declarations) {
        if (ts.isIdentifier(name)) values.set(name.text, [name.text]);
      }
    } else if (isValue(statement) && isExported(statement) && statement.name) {
      values.set(statement.name.text, [statement.name.text]);
    } else if (ts.isExportDeclaration(statement) && !statement.isTypeOnly) {
      for (const [name, aliases] of reExportedValues(statement, file)) values.set(name, aliases);
    }
  }
  return values;
}

function reExportedValues({ exportClause, moduleSpecifier }, file) {
  if (!exportClause) {
    const target = moduleSpecifier?.text.startsWith('.')
      ? join(dirname(file), moduleSpecifier.text).replace(/\.js$/, '.ts')
      : undefined;
    return target && existsSync(target) ? exportedValues(target) : [];
  }
  if (ts.isNamespaceExport(exportClause)) return [[exportClause.name.text, [exportClause.name.text]]];
  return exportClause.elements
    .filter(({ isTypeOnly }) => !isTypeOnly)
    .map(({ name, propertyName }) => [name.text, [name.text, ...(propertyName ? [propertyName.text] : [])]]);
}

/** The values of all entry points of a package: public name → names that stand for it. */
export function publicValues(root, pkg) {
  const entries = Object.values(pkg.manifest.exports ?? {})
    .map((entry) => entry?.['@tensor-papers/source'])
    .filter((path) => typeof path === 'string' && path.endsWith('.ts'))
    .map((path) => join(root, pkg.folder, path))
    .filter((path) => existsSync(path));
  return new Map(entries.flatMap((entry) => [...exportedValues(entry)]));
}
