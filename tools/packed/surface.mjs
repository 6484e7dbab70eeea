import { join, sep } from 'node:path';
import ts from 'typescript';

const printer = ts.createPrinter({ removeComments: true });

/**
 * The public surface of a built package, as a page: for each entry its exported names with their declarations, then the
 * declarations of the same package that these mention without exporting them. No comments, no private members.
 *
 * @param folder of the package, built
 * @param name of the package
 * @param entries as {@link entriesOf} gives them; those without types are left out
 */
export function apiSurface(folder, name, entries) {
  const typed = entries.filter(({ types }) => types);
  const rootNames = typed.map(({ types }) => join(folder, types));
  const program = ts.createProgram(rootNames, {
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    target: ts.ScriptTarget.ES2022,
    // Names are looked up, types are not checked.
    noLib: true,
    types: [],
    noEmit: true,
  });
  const checker = program.getTypeChecker();
  const own = (declaration) => isBelow(declaration.getSourceFile().fileName, folder);
  const pages = typed.map(({ entry, types }) => {
    const file = program.getSourceFile(join(folder, types));
    if (!file) throw new Error(`${name}: ${types} is not there; build the package first`);
    const symbols = checker.getExportsOfModule(checker.getSymbolAtLocation(file) ?? missingModule(name, types));
    const exported = symbols.map((symbol) => [symbol.name, resolved(checker, symbol)]).sort(byName);
    return { entry, exported };
  });

  const seen = new Set(pages.flatMap(({ exported }) => exported.map(([, symbol]) => symbol)));
  const mentioned = [];
  const queue = [...seen];
  for (let symbol = queue.shift(); symbol; symbol = queue.shift()) {
    for (const other of symbolsIn(checker, (symbol.declarations ?? []).filter(own))) {
      if (seen.has(other) || !(other.declarations ?? []).some(own)) continue;
      seen.add(other);
      mentioned.push([other.name, other]);
      queue.push(other);
    }
  }
  return page(name, [
    ...pages.map(({ entry, exported }) => [`\`${entry}\``, exported]),
    ['Mentioned by these, not exported', mentioned.sort(byName)],
  ]);
}

const byName = ([a], [b]) => (a < b ? -1 : Number(a > b));

const isBelow = (path, folder) => path.startsWith(`${folder.split(sep).join('/').replace(/\/$/, '')}/`);

function missingModule(name, types) {
  throw new Error(`${name}: ${types} exports nothing`);
}

const resolved = (checker, symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol);

/** The declarations at the top of a module that some nodes refer to. */
function symbolsIn(checker, nodes) {
  const found = new Set();
  const visit = (node) => {
    if (isPrivate(node)) return;
    if (ts.isIdentifier(node)) {
      const symbol = checker.getSymbolAtLocation(node);
      const target = symbol && resolved(checker, symbol);
      if (target?.declarations?.some((each) => isAtTop(each))) found.add(target);
    }
    ts.forEachChild(node, visit);
  };
  for (const node of nodes) visit(node);
  return found;
}

function isAtTop(declaration) {
  if (ts.isVariableDeclaration(declaration))
    return ts.isVariableStatement(declaration.parent.parent) && ts.isSourceFile(declaration.parent.parent.parent);
  return declaration.parent !== undefined && ts.isSourceFile(declaration.parent);
}

const isPrivate = (node) =>
  ts.isClassElement(node) &&
  ((ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Private) !== 0 ||
    (node.name && ts.isPrivateIdentifier(node.name)));

function page(name, sections) {
  const text = sections
    .filter(([, symbols]) => symbols.length > 0)
    .map(([title, symbols]) => {
      const lines = symbols.map(([exportedName, symbol]) => declarationText(exportedName, symbol));
      return `## ${title}\n\n\`\`\`ts\n${lines.join('\n')}\n\`\`\`\n`;
    });
  return [`# ${name}\n`, 'Written by `pnpm check:packed --only api --update`.\n', ...text].join('\n');
}

function declarationText(exportedName, symbol) {
  const declarations = symbol.declarations ?? [];
  return declarations
    .map((declaration) => {
      const node = publicPart(declaration);
      const text = printer.printNode(ts.EmitHint.Unspecified, node, declaration.getSourceFile());
      const plain = text.replace(/^(?:export )?(?:declare )?/, '').replace(/^default /, '');
      const shown = ts.isVariableDeclaration(declaration) ? `const ${plain};` : plain;
      return exportedName === symbol.name ? shown : `${exportedName}: ${shown}`;
    })
    .join('\n');
}

/** A class without its private members, so that what a user cannot reach may change. */
function publicPart(node) {
  if (!ts.isClassDeclaration(node)) return node;
  const members = node.members.filter((member) => !isPrivate(member));
  return ts.factory.updateClassDeclaration(
    node,
    node.modifiers,
    node.name,
    node.typeParameters,
    node.heritageClauses,
    members,
  );
}
