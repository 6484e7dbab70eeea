// `pnpm new:paper NAME`: writes packages/NAME, a whole paper package with a tiny method to be replaced, and says what comes next.
import { generatePaper, PaperNameError } from '../tools/new-paper/generate.mjs';
import { root } from './run.mjs';

const usage = `npx -y pnpm@10 new:paper NAME

Writes packages/NAME, a whole paper package that passes all checks, and what belongs to it in docs/methods and tools/packed. The method is
a tiny one (label smoothing) until the paper's replaces it. NAME is the method's: lower-case words joined by hyphens, such as born-again.`;

const nextSteps = (
  name,
  files,
) => `packages/${name} is there, with what belongs to it in docs/methods and tools/packed: ${files.length} files.
The method is label smoothing until yours replaces it.

1. Install the package. This adds it to pnpm-lock.yaml, which belongs into the commit:
     npx -y pnpm@10 install
2. Run its tests:
     (cd packages/${name} && npx jest)
3. Run its benchmark, and see it in the list and in the report:
     npx -y pnpm@10 papers run ${name} --preset quick
     npx -y pnpm@10 papers list
     npx -y pnpm@10 papers report
4. Replace what is not yours. Every such place says REPLACE:
     grep -rn REPLACE packages/${name} docs/methods/${name}.md --exclude-dir=node_modules
5. Go on with docs/contributing.md, and end with all checks:
     npx -y pnpm@10 test

To be rid of it again, before anything is staged:
     rm -rf packages/${name} docs/methods/${name}.md tools/packed/api/${name}.md .results/*/${name}.json
     git restore tools/packed/ceilings.json && npx -y pnpm@10 install`;

/** Ends with the exit code of a command that cannot be meant. */
function refuse(message) {
  console.error(`new:paper: ${message}\n\n${usage}`);
  process.exit(2);
}

// pnpm hands over a `--` that somebody typed before the name.
const args = process.argv.slice(2).filter((arg) => arg !== '--');
if (args.includes('--help') || args.includes('-h')) {
  console.log(usage);
  process.exit(0);
}
const flag = args.find((arg) => arg.startsWith('-'));
if (flag !== undefined) refuse(`unknown flag '${flag}': expected a name and nothing else`);
if (args.length === 0) refuse('expected the name of the new package, got none');
if (args.length > 1) refuse(`expected one name, got ${args.length}: ${args.join(' ')}; join words by hyphens`);

const [name] = args;
try {
  console.log(nextSteps(name, generatePaper(root, name)));
} catch (error) {
  if (error instanceof PaperNameError) refuse(error.message);
  console.error(`new:paper: packages/${name} could not be written, and nothing of it is left: ${error.message}`);
  process.exit(1);
}
