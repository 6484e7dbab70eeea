import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, posix } from 'node:path';
import ts from 'typescript';
import { siblings } from './workspace.mjs';

const scope = '@tensor-papers/';

/** What each package may import of ours: in what it ships, and besides that in tests, benches and examples. */
const layers = {
  tools: { source: [], development: [] },
  engine: { source: [], development: ['tools'] },
  numerics: { source: [], development: ['tools'] },
  'tensor-core': { source: ['numerics'], development: ['tools', 'engine'] },
  datasets: { source: ['numerics'], development: ['tools'] },
  workbench: { source: ['engine', 'datasets', 'tensor-core', 'numerics'], development: ['tools'] },
  benchmarks: { source: ['workbench'], development: ['tools'] },
};

const paper = { source: ['numerics', 'tensor-core'], development: ['tools', 'engine', 'datasets', 'workbench'] };
const hashing = { ...paper, source: [...paper.source, 'l2h-core'] };

function layerOf(pkg) {
  if (pkg.name in layers) return layers[pkg.name];
  if (!pkg.isPaper) return undefined;
  return pkg.name === 'dph' || pkg.name === 'exchnet' ? hashing : paper;
}

const isDevelopmentFile = (path) => /\.test\.[cm]?[jt]s$/.test(path) || !/^(src|install|jest)\//.test(path);

const packageOf = (specifier) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

/**
 * Findings about who imports whom, as sentences: the directions of the layers, undeclared packages, relative imports that
 * leave their package, and cycles between packages with devDependencies included.
 */
export function checkImportDirections(root, packages) {
  return [
    ...packages.flatMap((pkg) => checkManifest(pkg)),
    ...packages.flatMap((pkg) => checkSources(root, pkg)),
    ...findCycles(packages),
  ];
}

function checkManifest(pkg) {
  const layer = layerOf(pkg);
  if (!layer) {
    return [
      `${pkg.folder}: neither a package of the core nor a paper (no paper.json); add it to the import directions`,
    ];
  }
  const { dependencies, peerDependencies, devDependencies } = pkg.manifest;
  const finding = (kind, allowed) => (name) =>
    `${pkg.folder}/package.json: ${kind} on ${scope}${name} goes against the import directions (allowed: ${allowed.join(', ') || 'nothing of ours'})`;
  const shipped = [...siblings(dependencies), ...siblings(peerDependencies)];
  const development = [...layer.source, ...layer.development];
  return [
    ...shipped.filter((name) => !layer.source.includes(name)).map(finding('dependency', layer.source)),
    ...siblings(devDependencies)
      .filter((name) => !development.includes(name))
      .map(finding('devDependency', development)),
  ];
}

function checkSources(root, pkg) {
  const { dependencies = {}, peerDependencies = {}, devDependencies = {} } = pkg.manifest;
  const shipped = new Set([pkg.manifest.name, ...Object.keys(dependencies), ...Object.keys(peerDependencies)]);
  const findings = [];
  for (const path of pkg.sources) {
    const text = readFileSync(join(root, pkg.folder, path), 'utf8');
    for (const { fileName: specifier } of ts.preProcessFile(text, true, true).importedFiles) {
      if (isBuiltin(specifier)) continue;
      if (specifier.startsWith('.')) {
        if (posix.join(dirname(path), specifier).startsWith('..')) {
          findings.push(`${pkg.folder}/${path}: '${specifier}' leaves the package; import the sibling by its name`);
        }
        continue;
      }
      const name = packageOf(specifier);
      if (shipped.has(name) || (isDevelopmentFile(path) && name in devDependencies)) continue;
      const where = name in devDependencies ? 'only a devDependency, but this file is shipped' : 'not in package.json';
      findings.push(`${pkg.folder}/${path}: imports '${specifier}', which is ${where}`);
    }
  }
  return findings;
}

function findCycles(packages) {
  const edges = new Map(
    packages.map(({ name, manifest }) => [
      name,
      [manifest.dependencies, manifest.peerDependencies, manifest.devDependencies].flatMap((group) => siblings(group)),
    ]),
  );
  const done = new Set();
  const findings = [];
  const visit = (name, trail) => {
    if (trail.includes(name)) {
      findings.push(`cycle between packages: ${[...trail.slice(trail.indexOf(name)), name].join(' → ')}`);
      return;
    }
    if (done.has(name)) return;
    for (const next of edges.get(name) ?? []) visit(next, [...trail, name]);
    done.add(name);
  };
  for (const name of edges.keys()) visit(name, []);
  return findings;
}
