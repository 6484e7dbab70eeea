import { finding, textOf } from './finding.mjs';
import { identifiersOf, publicValues } from './syntax.mjs';

const isUse = (path) => /\.ts$/.test(path) && (/\.test\.ts$/.test(path) || /^(test|examples|bench)\//.test(path));

/** Findings about public symbols that no test, example or benchmark of the package mentions; types are left out. */
export function checkTestedSymbols(root, pkg) {
  const used = new Set(pkg.sources.filter(isUse).flatMap((path) => [...identifiersOf(textOf(root, pkg, path))]));
  return [...publicValues(root, pkg)]
    .filter(([, names]) => !names.some((name) => used.has(name)))
    .map(([name]) =>
      finding(
        `${pkg.folder}/src/index.ts`,
        'every public symbol in a test, an example or a benchmark',
        `${name} in none`,
        'test it, or do not export it',
      ),
    );
}
