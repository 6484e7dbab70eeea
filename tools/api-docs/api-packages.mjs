import { posix } from 'node:path';
import { entriesOf, specifierOf } from '../packed/entries.mjs';

/**
 * The public packages with their modules: the name under which a user imports each, and the file that declares it, relative to
 * the root. An entry that declares nothing, such as a script for jest, is no module.
 */
export function apiPackages(workspace) {
  return workspace
    .filter(({ folder, manifest }) => folder.startsWith('packages/') && !manifest.private)
    .map(({ name, folder, manifest }) => ({
      name,
      folder,
      specifier: manifest.name,
      description: manifest.description,
      modules: entriesOf(manifest)
        .map(({ entry, source, types }) => ({ specifier: specifierOf(manifest.name, entry), file: source ?? types }))
        .filter(({ file }) => file !== undefined)
        .map(({ specifier, file }) => ({ specifier, file: posix.join(folder, file) })),
    }));
}
