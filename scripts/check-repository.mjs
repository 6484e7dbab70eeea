// `pnpm check:repository`: what no single package can check about itself.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { checkPapers } from '../tools/repository/conformance/check-papers.mjs';
import { checkFileHygiene } from '../tools/repository/file-hygiene.mjs';
import { checkImportDirections } from '../tools/repository/import-directions.mjs';
import { filesBelow, readWorkspace } from '../tools/repository/workspace.mjs';
import { checkClaimsTables } from './claims-tables.mjs';
import { root } from './run.mjs';

/** What git tracks or would track; a copy of the sources without git is taken whole. */
function sourceFiles() {
  if (!existsSync(join(root, '.git'))) return filesBelow(root, new Set(['node_modules', 'dist', '.turbo', '.results']));
  const list = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], { cwd: root });
  return list
    .toString()
    .split('\0')
    .filter((path) => path && existsSync(join(root, path)));
}

const packages = readWorkspace(root);
const findings = [
  ...checkImportDirections(root, packages),
  ...checkFileHygiene(root, sourceFiles()),
  ...checkClaimsTables(root, packages),
  ...checkPapers(root, packages),
];
for (const finding of findings) console.error(finding);
console.log(
  findings.length === 0 ? 'repository checks: nothing found' : `repository checks: ${findings.length} findings`,
);
process.exit(findings.length === 0 ? 0 : 1);
