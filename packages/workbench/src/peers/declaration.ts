import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { describeIssues } from '../issues.js';
import { PeersDeclarationError } from './errors.js';

const argv = z.array(z.string().min(1)).min(1);

const declarationSchema = z.strictObject({
  python: z.strictObject({
    requirements: z.string().min(1).describe('What pip installs for their side; relative to the package'),
    note: z.string().optional().describe('Said before the environment is made'),
  }),
  rows: z
    .array(
      z.strictObject({
        work: z.string().min(1).describe('The name of the work, which both sides print'),
        what: z.string().min(1).describe('The work in words'),
        unit: z.string().min(1).describe('Of what both sides print; per second where it is a rate'),
        ours: argv.describe('Program and arguments, run in the folder of the package; `node` is the running one'),
        theirs: argv.describe('Arguments of python, run in the folder of the package'),
        pairs: z.int().positive().default(5),
        threads: z.int().positive().default(2).describe('TENSOR_PAPERS_THREADS of both sides'),
      }),
    )
    .min(1),
});

type Declaration = z.infer<typeof declarationSchema>;

/** A piece of work that is measured on both sides. */
export interface PeerWork extends Readonly<Declaration['rows'][number]> {
  /** The package whose side is ours. */
  readonly folder: string;
  readonly python: { readonly requirements: string; readonly note?: string | undefined };
}

function readDeclaration(folder: string, file: string): PeerWork[] {
  const fail = (message: string, cause?: unknown): never => {
    throw new PeersDeclarationError(`${file}: ${message}`, { cause });
  };
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    return fail(`cannot be read as JSON (${(error as Error).message})`, error);
  }
  const parsed = declarationSchema.safeParse(content);
  if (!parsed.success) return fail(describeIssues(parsed.error));
  const { python, rows } = parsed.data;
  const requirements = join(folder, python.requirements);
  if (!existsSync(requirements)) return fail(`field python.requirements: there is no ${requirements}`);
  return rows.map((row) => ({ ...row, folder, python: { ...python, requirements } }));
}

/**
 * What the packages of a folder declare in `bench/peers/peers.json`.
 *
 * @throws PeersDeclarationError naming file and field
 */
export function readPeerWorks(packages: string): PeerWork[] {
  const works = readdirSync(packages)
    .sort()
    .map((name) => ({ folder: join(packages, name), file: join(packages, name, 'bench', 'peers', 'peers.json') }))
    .filter(({ file }) => existsSync(file))
    .flatMap(({ folder, file }) => readDeclaration(folder, file));
  for (const [index, { work, folder }] of works.entries()) {
    const first = works.findIndex((other) => other.work === work);
    if (first === index) continue;
    throw new PeersDeclarationError(
      `work '${work}' is declared twice, in ${works[first]!.folder} and in ${folder}; give one of them another name`,
    );
  }
  return works;
}
