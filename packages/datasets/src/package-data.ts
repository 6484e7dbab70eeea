import { fileURLToPath } from 'node:url';

/** The path of something in the package's `data` folder; sources and bundles both lie one folder below the package. */
export function packageData(name: string): string {
  return fileURLToPath(new URL(`../data/${name}`, import.meta.url));
}
