import { siblings } from '../repository/workspace.mjs';

/** Packages in an order in which each comes after those that it needs. */
export function releaseOrder(packages) {
  const byName = new Map(packages.map((each) => [each.name, each]));
  const ordered = new Set();
  const place = (each, path) => {
    if (ordered.has(each)) return;
    if (path.includes(each.name))
      throw new Error(`packages need one another in a circle: ${[...path, each.name].join(' → ')}`);
    const { dependencies, peerDependencies } = each.manifest;
    for (const name of siblings({ ...dependencies, ...peerDependencies })) {
      const needed = byName.get(name);
      if (!needed) throw new Error(`${each.name} needs ${name}, which is not published`);
      place(needed, [...path, each.name]);
    }
    ordered.add(each);
  };
  for (const each of packages) place(each, []);
  return [...ordered];
}
