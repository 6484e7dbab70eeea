// `pnpm papers …`: the workbench's command, run from its sources in the folder where it was typed.
import { runSource } from './run.mjs';

const cwd = process.env.INIT_CWD ?? process.cwd();
process.exit(await runSource('packages/workbench', 'src/cli/main.ts', process.argv.slice(2), { cwd }));
