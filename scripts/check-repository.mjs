// `pnpm check:repository`: what no single package can check about itself.
import { checkPapers } from '../tools/repository/conformance/check-papers.mjs';
import { checkFileHygiene } from '../tools/repository/file-hygiene.mjs';
import { checkImportDirections } from '../tools/repository/import-directions.mjs';
import { checkRootReadme } from '../tools/repository/root-readme.mjs';
import { sourceFiles } from '../tools/repository/source-files.mjs';
import { readWorkspace } from '../tools/repository/workspace.mjs';
import { checkClaimsTables } from './claims-tables.mjs';
import { root } from './run.mjs';

const packages = readWorkspace(root);
const findings = [
  ...checkImportDirections(root, packages),
  ...checkFileHygiene(root, sourceFiles(root)),
  ...checkRootReadme(root, packages),
  ...checkClaimsTables(root, packages),
  ...checkPapers(root, packages),
];
for (const finding of findings) console.error(finding);
console.log(
  findings.length === 0 ? 'repository checks: all in order' : `repository checks: ${findings.length} findings`,
);
process.exit(findings.length === 0 ? 0 : 1);
