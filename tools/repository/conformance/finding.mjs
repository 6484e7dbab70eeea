import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A finding is one line: where, what was expected, what is there, what to do. */
export const finding = (file, expected, there, todo) => `${file}: expected ${expected}, there is ${there}; ${todo}`;

/** A list for a sentence: the first few of it. */
export function listed(names, limit = 6) {
  const rest = names.length - limit;
  return rest > 0 ? `${names.slice(0, limit).join(', ')} and ${rest} more` : names.join(', ');
}

export const textOf = (root, pkg, path) => readFileSync(join(root, pkg.folder, path), 'utf8');

/** The value of a JSON file, or undefined where it cannot be read. */
export function jsonOf(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}
