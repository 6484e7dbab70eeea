const importer = /^ {2}(\S.*):\n((?: {4}.*\n)+)/gm;
const dependency = /^ {6}(\S+):\n {8}specifier: (.*)\n {8}version: .*\n/gm;
const unquoted = (text) => text.replaceAll("'", '');

/**
 * A lock file (pnpm, version 9) with a new package in it, as `pnpm install` would write it, but without asking a registry: what the
 * package depends on has to be a dependency of another one already.
 *
 * @param lock the text of pnpm-lock.yaml
 * @param folder of the new package, in a folder beside others such as `packages`
 */
export function withImporter(lock, folder, manifest) {
  const [head, rest] = [lock.slice(0, lock.indexOf('\npackages:\n')), lock.slice(lock.indexOf('\npackages:\n'))];
  const parent = `${folder.split('/')[0]}/`;
  const known = new Map();
  for (const [, owner, block] of head.matchAll(importer)) {
    if (!owner.startsWith(parent)) continue;
    for (const [entry, name, range] of block.matchAll(dependency))
      known.set(`${unquoted(name)}@${unquoted(range)}`, entry);
  }
  const groups = ['dependencies', 'devDependencies'].map((group) => {
    const entries = Object.entries(manifest[group] ?? {}).map(([name, range]) => {
      const entry = known.get(`${name}@${range}`);
      if (!entry) throw new Error(`${folder}: no other package of ${parent} depends on ${name} as '${range}'`);
      return entry;
    });
    return entries.length > 0 ? `    ${group}:\n${entries.join('')}` : '';
  });
  return `${head}\n  ${folder}:\n${groups.join('')}${rest}`;
}
