import { finding, textOf } from './finding.mjs';
import { objectsOf } from './syntax.mjs';

const isRecipe = (pkg, path) =>
  !path.endsWith('.test.ts') &&
  (path.startsWith('bench/') || (pkg.name === 'datasets' && path.startsWith('src/recipes/')));

/** What says where data come from: an id and the checksum of what was read. Data made in memory have no checksum. */
const isSource = (object) => 'id' in object && 'sha256' in object && object.sha256 !== '';

/** Findings about data that name no licence or no citation. */
export function checkDataRecipes(root, packages) {
  return packages.flatMap((pkg) =>
    pkg.sources
      .filter((path) => isRecipe(pkg, path))
      .flatMap((path) =>
        objectsOf(textOf(root, pkg, path))
          .filter((object) => isSource(object) && !('...' in object))
          .flatMap((object) =>
            ['licence', 'citation']
              .filter((field) => object[field] === undefined || object[field] === '')
              .map((field) =>
                finding(
                  `${pkg.folder}/${path}`,
                  `a ${field} of the data set ${object.id ?? ''}`.trim(),
                  'none',
                  'say it; a result has to repeat it',
                ),
              ),
          ),
      ),
  );
}
