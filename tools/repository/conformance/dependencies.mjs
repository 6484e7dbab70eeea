import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { finding, jsonOf, listed } from './finding.mjs';

const permissive = new Set([
  ...['MIT', 'MIT-0', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'Unlicense', 'CC0-1.0', 'Zlib'],
  ...['BlueOak-1.0.0', 'Python-2.0'],
]);

/** Whether a licence expression (SPDX) lets everybody use the code: one side of OR, both sides of AND, which binds more tightly. */
export function isPermissive(expression) {
  const tokens = expression.match(/[()]|[^\s()]+/g) ?? [];
  // Every part is read to its end, whatever it says: `||=` would skip tokens.
  const either = () => {
    let isFree = both();
    while (tokens[0] === 'OR' && tokens.shift()) isFree = both() || isFree;
    return isFree;
  };
  const both = () => {
    let isFree = single();
    while (tokens[0] === 'AND' && tokens.shift()) isFree = single() && isFree;
    return isFree;
  };
  const single = () => {
    const token = tokens.shift();
    if (token !== '(') return permissive.has(token);
    const isFree = either();
    return tokens.shift() === ')' && isFree;
  };
  return either() && tokens.length === 0;
}

function licenceOf({ license, licenses }) {
  if (typeof license === 'string') return license;
  if (license?.type) return license.type;
  return [licenses ?? []]
    .flat()
    .map((each) => each?.type ?? each)
    .join(' OR ');
}

/** The folder of a dependency as Node.js finds it from a folder. */
function locate(name, from) {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return realpathSync(candidate);
    if (folder === dirname(folder)) return undefined;
  }
}

/**
 * Findings about the licences of what comes with a published package: its dependencies and peers, and theirs. Reads what is installed.
 */
export function checkLicences(root, packages) {
  const findings = [];
  const seen = new Set();
  const visit = (folder, manifest, trail) => {
    const optional = manifest.peerDependenciesMeta ?? {};
    const wanted = {
      ...Object.fromEntries(
        Object.keys(manifest.peerDependencies ?? {}).map((name) => [name, optional[name]?.optional]),
      ),
      ...Object.fromEntries(Object.keys(manifest.optionalDependencies ?? {}).map((name) => [name, true])),
      ...Object.fromEntries(Object.keys(manifest.dependencies ?? {}).map((name) => [name, false])),
      // An optional dependency stands among the dependencies too in what registries deliver.
      ...Object.fromEntries(Object.keys(manifest.optionalDependencies ?? {}).map((name) => [name, true])),
    };
    for (const [name, isOptional] of Object.entries(wanted)) {
      const found = locate(name, folder);
      if (!found) {
        // Peers of dependencies are their users' choice; only what we ask for ourselves has to be there.
        if (!isOptional && trail.length === 1) {
          findings.push(finding(`${trail[0]}/package.json`, `${name} installed`, 'none', 'run pnpm install'));
        }
        continue;
      }
      if (seen.has(found)) continue;
      seen.add(found);
      const own = jsonOf(join(found, 'package.json')) ?? {};
      const licence = licenceOf(own);
      if (!isPermissive(licence)) {
        const by = [...trail.slice(1), name].join(' → ');
        findings.push(
          finding(
            `${trail[0]}/package.json`,
            'dependencies with a permissive licence',
            `'${licence || 'no licence'}' of ${own.name ?? name} ${own.version ?? ''} (${by})`,
            'replace it, or add the licence to tools/repository/conformance/dependencies.mjs if it is permissive',
          ),
        );
      }
      visit(found, own, [...trail, name]);
    }
  };
  for (const { folder, manifest } of packages.filter((pkg) => !pkg.manifest.private)) {
    visit(realpathSync(join(root, folder)), manifest, [folder]);
  }
  return findings;
}

/** Findings about the lock file: two versions of TensorFlow.js would be two engines that do not know each other's tensors. */
export function checkOneTensorFlow(root) {
  const path = 'pnpm-lock.yaml';
  if (!existsSync(join(root, path))) return [finding(path, 'the lock file', 'none', 'run pnpm install and commit it')];
  const versions = new Map();
  for (const [, name, version] of readFileSync(join(root, path), 'utf8').matchAll(
    /^ {2}'(@tensorflow\/tfjs[\w-]*)@([^'(:]+)/gm,
  )) {
    versions.set(name, new Set([...(versions.get(name) ?? []), version]));
  }
  return [...versions]
    .filter(([, found]) => found.size > 1)
    .map(([name, found]) =>
      finding(path, `one version of ${name}`, listed([...found].sort()), 'use catalog: in every package.json'),
    );
}
