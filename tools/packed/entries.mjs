/**
 * What a manifest exports, without package.json itself: for each entry the files behind it. A condition that is missing is
 * undefined.
 */
export function entriesOf({ exports = {} }) {
  return Object.entries(exports)
    .filter(([entry]) => entry !== './package.json')
    .map(([entry, target]) => ({
      entry,
      source: target['@tensor-papers/source'],
      import: fileOf(target, 'import'),
      require: fileOf(target, 'require'),
      types: typesOf(target, 'import'),
      requireTypes: typesOf(target, 'require'),
    }));
}

/** The specifier under which a user imports an entry. */
export const specifierOf = (name, entry) => name + entry.slice(1);

function fileOf(target, condition) {
  if (typeof target === 'string') return target;
  const chosen = target[condition] ?? target;
  return typeof chosen === 'string' ? chosen : chosen.default;
}

const typesOf = (target, condition) => target[condition]?.types ?? target.types;

/** Every file that a manifest names: those of its exports and of its commands. */
export function filesNamedIn(manifest) {
  const leaves = (target) => (typeof target === 'string' ? [target] : Object.values(target).flatMap(leaves));
  return [...new Set([...leaves(manifest.exports ?? {}), ...leaves(manifest.bin ?? {})])].map((path) =>
    path.replace(/^\.\//, ''),
  );
}
