/** What npm, a folder on any system, `papers` and results/ can all carry. */
const pattern = /^(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$/;
const longest = 40;

/** Names that mean something else, and what. */
const reserved = new Map([
  ...['engine', 'numerics', 'tensor-core', 'datasets', 'workbench', 'tools', 'benchmarks'].map((name) => [
    name,
    'is the name of a package that every paper stands on',
  ]),
  ['peers', 'is the name of the speed comparisons in results/'],
  ...['api', 'speed'].map((name) => [name, "is the name of one of the report's own pages"]),
  ['constructor', 'is what every object of JavaScript has already'],
  ...['con', 'prn', 'aux', 'nul', 'com1', 'lpt1'].map((name) => [name, 'cannot be a folder on Windows']),
]);

const isName = (name) => pattern.test(name) && name.length <= longest && !reserved.has(name);

/** A good name that is close to the one that was typed, as the end of a sentence; nothing where there is none. */
function suggestion(name) {
  const close = name
    .replace(/^@[^/]*\//, '')
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  return isName(close) && close.length > 1 ? `; take '${close}' for example` : '';
}

/** Why a name cannot be that of a paper, as a sentence that says what to do; undefined where it can. */
export function problemOfName(name) {
  if (isName(name)) return undefined;
  if (reserved.has(name)) return `'${name}' ${reserved.get(name)}: choose another name, such as that of the method`;
  if (name.length > longest) return `'${name}' has ${name.length} characters: expected at most ${longest}`;
  return `'${name}' is no name for a package: expected lower-case letters and digits in words joined by single hyphens${suggestion(name)}`;
}
