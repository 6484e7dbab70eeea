import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { filesBelow } from './workspace.mjs';

const made = new Set(['node_modules', 'dist', '.turbo', '.results', 'test-results']);

/** What git tracks or would track, as paths relative to `root`; a copy of the sources without git is taken whole. */
export function sourceFiles(root) {
  if (!existsSync(join(root, '.git'))) return filesBelow(root, made);
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '-z'];
  const listed = execFileSync('git', args, { cwd: root, encoding: 'utf8' });
  return listed.split('\0').filter((path) => path && existsSync(join(root, path)));
}
