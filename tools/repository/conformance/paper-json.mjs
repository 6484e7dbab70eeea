import { join } from 'node:path';
import { finding, jsonOf, listed, textOf } from './finding.mjs';
import { piecesOf, publicValues } from './syntax.mjs';

const isText = (value) => typeof value === 'string' && value.trim() !== '';
const isList = (value) => Array.isArray(value) && value.length > 0;
const isNumber = (value) => typeof value === 'number' && Number.isFinite(value);
const isOneOf = (names) => (value) => names.includes(value);

const paperFields = {
  title: isText,
  summary: isText,
  citation: (value) => typeof value === 'object' && value !== null,
  claims: isList,
  dataSets: isList,
  equations: isList,
  deviations: isList,
};
const citationFields = { authors: isList, title: isText, venue: isText, year: Boolean, url: isText, bibtex: isText };
const claimFields = {
  id: isText,
  statement: isText,
  source: isText,
  metric: isText,
  unit: (value) => typeof value === 'string',
  better: isOneOf(['higher', 'lower']),
  compare: (value) => isList(value) && value.length > 1,
  kind: isOneOf(['superiority', 'nonInferiority', 'equivalence', 'trend', 'exact']),
  margin: isNumber,
  method: isOneOf(['t', 'bootstrap']),
  published: (value) => value === null || isText(value),
};
const equationFields = { id: isText, title: isText, tex: isText, meaning: isText, symbol: Boolean };

const shown = (value) => (value === undefined ? 'none' : JSON.stringify(value).slice(0, 60));

function checkFields(path, where, object, fields, todo) {
  return Object.entries(fields)
    .filter(([name, isRight]) => !isRight(object?.[name]))
    .map(([name]) => finding(path, `the field ${where}${name}`, shown(object?.[name]), todo));
}

/** Findings about a `paper.json`: its fields, and what it says against code, benchmark and data. */
export function checkPaperJson(root, pkg, packages) {
  const path = `${pkg.folder}/paper.json`;
  const paper = jsonOf(join(root, path));
  if (!paper) return [finding(path, 'JSON', 'something else', 'repair it')];
  const claims = isList(paper.claims) ? paper.claims : [];
  const equations = isList(paper.equations) ? paper.equations : [];
  const ids = claims.map(({ id }) => id);
  return [
    ...(paper.name === pkg.name ? [] : [finding(path, `the name '${pkg.name}'`, shown(paper.name), 'name its folder')]),
    ...checkFields(path, '', paper, paperFields, 'fill it in'),
    ...(paper.citation ? checkFields(path, 'citation.', paper.citation, citationFields, 'fill it in') : []),
    ...claims.flatMap((claim) =>
      checkFields(path, `of claim ${claim?.id}: `, claim, claimFields, 'declare it before any run'),
    ),
    ...ids
      .filter((id, i) => ids.indexOf(id) < i)
      .map((id) => finding(path, 'an id for each claim', `${id} twice`, 'rename one of them')),
    ...equations.flatMap((equation) =>
      checkFields(path, `of equation ${equation?.id}: `, equation, equationFields, 'fill it in'),
    ),
    ...checkSymbols(root, pkg, path, equations),
    ...checkArms(root, pkg, path, claims),
    ...checkDataSets(root, pkg, packages, path, paper),
  ];
}

function checkSymbols(root, pkg, path, equations) {
  const exported = publicValues(root, pkg);
  return equations.flatMap(({ id, symbol }) =>
    [symbol ?? []]
      .flat()
      .filter((name) => !exported.has(name))
      .map((name) =>
        finding(path, `equation ${id} to name a public symbol`, `'${name}'`, 'name one that src/index.ts exports'),
      ),
  );
}

const isBench = (path) => path.startsWith('bench/') && !path.endsWith('.test.ts');
const benchPieces = (root, pkg) =>
  pkg.sources.filter(isBench).flatMap((path) => [...piecesOf(textOf(root, pkg, path))]);

/** Whether a name is put together of pieces: texts of the source of two characters on, single separators, numbers. */
export function isComposedOf(name, pieces) {
  const usable = [...pieces].filter((piece) => piece.length > 1 || /^[^a-z0-9]$/i.test(piece));
  const reached = new Array(name.length + 1).fill(false);
  reached[0] = true;
  for (let at = 0; at < name.length; at++) {
    if (!reached[at]) continue;
    const rest = name.slice(at);
    const number = /^\d+(\.\d+)?/.exec(rest);
    if (number) reached[at + number[0].length] = true;
    for (const piece of usable) if (rest.startsWith(piece)) reached[at + piece.length] = true;
  }
  return reached[name.length];
}

function checkArms(root, pkg, path, claims) {
  const result = jsonOf(join(root, 'results', `${pkg.name}.json`));
  const measured = new Set(Object.keys(result?.arms ?? {}));
  const pieces = new Set(benchPieces(root, pkg));
  const isDeclared = (arm) => measured.has(arm) || isComposedOf(arm, pieces);
  const where = result ? `in results/${pkg.name}.json and in bench` : 'in bench';
  return claims.flatMap(({ id, compare }) =>
    (isList(compare) ? compare : [])
      .filter((arm) => !isDeclared(String(arm)))
      .map((arm) =>
        finding(path, `claim ${id} to compare arms of the benchmark`, `'${arm}', which is not ${where}`, 'declare it'),
      ),
  );
}

function checkDataSets(root, pkg, packages, path, { dataSets }) {
  const datasets = packages.find(({ name }) => name === 'datasets');
  const recipes = datasets?.sources.filter((each) => each.startsWith('src/recipes/') && !each.endsWith('.test.ts'));
  const known = new Set([
    ...(recipes ?? []).flatMap((each) => [...piecesOf(textOf(root, datasets, each))]),
    ...benchPieces(root, pkg),
  ]);
  return (isList(dataSets) ? dataSets : [])
    .map((each) => each?.id ?? each)
    .filter((id) => !known.has(id))
    .map((id) =>
      finding(
        path,
        'data sets with a recipe',
        `'${id}'`,
        `write one in bench or in datasets; known ids are texts there`,
      ),
    );
}

/** What a claim says that a result depends on: to change it after a run would be to fit the question to the answer. */
const judged = ['metric', 'unit', 'better', 'compare', 'kind', 'margin', 'method'];

/** Findings about claims: those of a committed result against those of `paper.json`. */
export function checkResults(root, pkg) {
  const path = `results/${pkg.name}.json`;
  const paper = jsonOf(join(root, pkg.folder, 'paper.json'));
  const result = jsonOf(join(root, path));
  if (!result || !isList(paper?.claims) || !Array.isArray(result.claims)) return [];
  const declared = new Map(paper.claims.map((claim) => [claim.id, claim]));
  const answered = new Set(result.claims.map(({ id }) => id));
  const missing = [...declared.keys()].filter((id) => !answered.has(id));
  const unknown = [...answered].filter((id) => !declared.has(id));
  const changed = result.claims.flatMap((claim) => {
    const own = declared.get(claim.id);
    const fields = own ? judged.filter((name) => JSON.stringify(own[name]) !== JSON.stringify(claim[name])) : [];
    return fields.map((name) => `${name} of ${claim.id} (${shown(claim[name])})`);
  });
  const rerun = `run \`papers run ${pkg.name} --preset standard\` again`;
  return [
    ...(missing.length > 0
      ? [finding(path, `an answer to every claim of ${pkg.folder}/paper.json`, `none to ${listed(missing)}`, rerun)]
      : []),
    ...(unknown.length > 0
      ? [finding(path, `only claims of ${pkg.folder}/paper.json`, listed(unknown), `declare them, or ${rerun}`)]
      : []),
    ...(changed.length > 0
      ? [finding(path, `claims as ${pkg.folder}/paper.json declares them`, `another ${listed(changed)}`, rerun)]
      : []),
  ];
}
