import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import { filesNamedIn } from './entries.mjs';
import { importedSpecifiers, packageOf } from './imported-specifiers.mjs';

const always = ['package.json', 'README.md', 'LICENSE'];
const development = /(^|\/)(tests?|bench|fixtures|examples|golden|coverage|node_modules)\/|\.test\.|\.tsbuildinfo$/;

/**
 * Findings about what a tarball holds, as sentences.
 *
 * @param files a map from the path inside the package to its bytes
 */
export function checkContents(files) {
  const missing = always.filter((path) => !files.has(path)).map((path) => `${path} is missing`);
  if (!files.has('package.json')) return missing;
  const manifest = JSON.parse(files.get('package.json').toString());
  return [
    ...missing,
    ...checkManifest(files, manifest),
    ...[...files.keys()].flatMap((path) => checkPlace(path, manifest)),
    ...[...files].filter(([path]) => /\.[cm]?js$/.test(path)).flatMap(([path, bytes]) => checkMap(files, path, bytes)),
    ...[...files]
      .filter(([path]) => /\.[cm]?[jt]s$/.test(path))
      .flatMap(([path, bytes]) => checkImports(files, manifest, path, bytes)),
    ...checkReadme(files),
  ];
}

function checkManifest(files, manifest) {
  const groups = ['dependencies', 'peerDependencies', 'optionalDependencies'];
  const local = groups
    .flatMap((group) => Object.entries(manifest[group] ?? {}))
    .filter(([, range]) => /^(workspace|catalog|link|file):/.test(range))
    .map(([name, range]) => `package.json: ${name} is '${range}', which means nothing outside the repository`);
  const named = filesNamedIn(manifest)
    .filter((path) => !files.has(path))
    .map((path) => `package.json names ${path}, which is not in the tarball`);
  return [...local, ...named];
}

/** A file belongs in the tarball when `files` means it; what tests, benches and fixtures need only when `files` names it itself. */
function checkPlace(path, { files = [] }) {
  if (always.includes(path)) return [];
  const meant = files.filter((pattern) => !pattern.startsWith('!')).map((pattern) => pattern.replace(/^\.\//, ''));
  const by = meant.find((pattern) => path === pattern || path.startsWith(`${pattern.replace(/\/$/, '')}/`));
  if (!by) return [`${path} is in the tarball, but \`files\` does not mean it`];
  return by !== path && development.test(path) ? [`${path} is for development and should not be in the tarball`] : [];
}

function checkMap(files, path, bytes) {
  const named = /\n\/\/# sourceMappingURL=(?!data:)(\S+)\s*$/.exec(bytes.toString())?.[1];
  if (!named) return [];
  const map = posix.join(posix.dirname(path), named);
  if (!files.has(map)) return [`${path} names the source map ${map}, which is not in the tarball`];
  const { sources, sourcesContent = [] } = JSON.parse(files.get(map).toString());
  return sources
    .filter((source, i) => typeof sourcesContent[i] !== 'string' && !files.has(posix.join(posix.dirname(map), source)))
    .map((source) => `${map} points to ${source}, which is neither in it nor in the tarball`);
}

/** Hoisting hides an undeclared package where packages are tried together; here none is. */
function checkImports(files, manifest, path, bytes) {
  const { name, dependencies = {}, peerDependencies = {}, optionalDependencies = {} } = manifest;
  const declared = { [name]: '', ...dependencies, ...peerDependencies, ...optionalDependencies };
  return importedSpecifiers(bytes.toString()).flatMap((specifier) => {
    if (isBuiltin(specifier)) return [];
    if (!specifier.startsWith('.')) {
      return packageOf(specifier) in declared
        ? []
        : [`${path} imports '${specifier}', which package.json does not declare`];
    }
    const target = posix.join(posix.dirname(path), specifier);
    const candidates = [target, target.replace(/\.([cm]?)js$/, '.$1ts'), target.replace(/\.([cm]?)js$/, '.d.$1ts')];
    return candidates.some((each) => files.has(each))
      ? []
      : [`${path} imports '${specifier}', which is not in the tarball`];
  });
}

function checkReadme(files) {
  const readme = files.get('README.md')?.toString() ?? '';
  return [...readme.matchAll(/\]\((?![a-z]+:|#)([^)#\s]+)[^)]*\)/g)]
    .map(([, link]) => link)
    .filter((link) => !files.has(posix.normalize(link)))
    .map((link) => `README.md links to ${link}, which is not in the tarball`);
}
