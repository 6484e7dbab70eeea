import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { makeFolder } from '@tensor-papers/workbench';
import { ENGINE_DOWNLOAD, enginePage } from './engine/engine-page.js';
import { ReportOutputError } from './errors.js';
import { API_FOLDER, type Besides, ENGINE_FOLDER, overviewPage, paperFolder, SPEED_FOLDER } from './overview-page.js';
import { DOWNLOADS } from './paper/evidence.js';
import { paperPage } from './paper-page.js';
import type { PaperResults } from './paper-results.js';
import { type ApiSite, readApiSite } from './read-api-site.js';
import { type PaperInfo, paperWithoutFile, readPapers } from './read-papers.js';
import {
  CONFORMANCE_FILE,
  PEERS_FILE,
  type ResultFile,
  readConformance,
  readPeers,
  readResults,
  readStudies,
} from './read-results.js';
import { SPEED_DOWNLOAD, speedPage } from './speed/speed-page.js';

/** A page of a folder of its own, and the file that it was made from. */
interface BesidesPage {
  folder: string;
  page: string;
  source: string;
  download: string;
}

function besidesPages(results: string, { peers, conformance }: Besides): BesidesPage[] {
  return [
    ...(peers ? [{ folder: SPEED_FOLDER, page: speedPage(peers), source: PEERS_FILE, download: SPEED_DOWNLOAD }] : []),
    ...(conformance
      ? [{ folder: ENGINE_FOLDER, page: enginePage(conformance), source: CONFORMANCE_FILE, download: ENGINE_DOWNLOAD }]
      : []),
  ].map(({ source, ...page }) => ({ ...page, source: join(results, source) }));
}

/** From a paper's page to its package in the API reference. */
function apiPage(api: ApiSite | undefined, paper: string): string | undefined {
  const page = api?.pages.get(paper);
  return page && `../${API_FOLDER}/${page}`;
}

/** Where the report reads from and writes to. */
export interface ReportFolders {
  /** Committed results, `<paper>.json` and `<paper>.study.json`. */
  results: string;
  /** Results of a demo run, `<paper>.json`. */
  demo: string;
  /** Packages, some of them with a `paper.json`. */
  papers: string;
  /** The API reference, which the site takes in where there is one. */
  api: string;
  out: string;
}

/** Lies in a report, so that a folder of somebody else's is never replaced. */
const MANIFEST = 'report.json';

function assertReplaceable(out: string): void {
  if (!existsSync(out)) return;
  if (!statSync(out).isDirectory()) throw new ReportOutputError(`--out ${out} is a file; name a folder`);
  if (readdirSync(out).length > 0 && !existsSync(join(out, MANIFEST))) {
    throw new ReportOutputError(
      `--out ${out} is not empty and holds no report (no ${MANIFEST}); name another folder or empty it`,
    );
  }
}

/** Puts a finished folder in the place of an older one. */
function replaceFolder(finished: string, out: string): void {
  const old = `${finished}-old`;
  const replaces = existsSync(out);
  if (replaces) renameSync(out, old);
  try {
    renameSync(finished, out);
  } catch (error) {
    if (replaces) renameSync(old, out);
    throw error;
  }
  rmSync(old, { recursive: true, force: true });
}

type Runs = Record<keyof typeof DOWNLOADS, readonly ResultFile[]>;

/** A paper and, by kind of run, the file and the result that there are of it. */
interface Entry {
  paper: PaperInfo;
  runs: [kind: keyof typeof DOWNLOADS, run: ResultFile][];
}

function joinByPaper(papers: readonly PaperInfo[], runs: Runs): Entry[] {
  const described = new Set(papers.map(({ name }) => name));
  const named = new Set(Object.values(runs).flatMap((files) => files.map(({ result }) => result.paper)));
  const others = [...named].filter((name) => !described.has(name));
  const kinds = Object.keys(runs) as (keyof Runs)[];
  return [...papers, ...others.map(paperWithoutFile)].map((paper) => ({
    paper,
    runs: kinds.flatMap((kind) => {
      const run = runs[kind].find(({ result }) => result.paper === paper.name);
      return run ? [[kind, run]] : [];
    }),
  }));
}

/**
 * Reads results and writes the site; what was there before stays until the new one is complete.
 * @returns the path of index.html
 * @throws ReportInputError, ReportOutputError
 */
export async function buildReport(folders: ReportFolders): Promise<string> {
  const out = resolve(folders.out);
  assertReplaceable(out);
  const entries = joinByPaper(readPapers(folders.papers), {
    standard: readResults(folders.results),
    study: readStudies(folders.results),
    demo: readResults(folders.demo),
  });

  const api = readApiSite(folders.api);
  const besides = { peers: readPeers(folders.results), conformance: readConformance(folders.results), api };

  let temporary: string;
  try {
    makeFolder(dirname(out));
    temporary = mkdtempSync(join(dirname(out), `.${basename(out)}.tmp-`));
  } catch (error) {
    throw new ReportOutputError(`--out ${out} cannot be written: ${(error as Error).message}`);
  }
  try {
    const pages = entries.map(
      ({ paper, runs }): PaperResults => ({
        paper,
        ...Object.fromEntries(runs.map(([kind, { result }]) => [kind, result])),
      }),
    );
    for (const [index, page] of pages.entries()) {
      const folder = join(temporary, paperFolder(page.paper.name));
      mkdirSync(folder);
      writeFileSync(join(folder, 'index.html'), await paperPage(page, apiPage(api, page.paper.name)));
      for (const [kind, { file }] of entries[index]!.runs) copyFileSync(file, join(folder, DOWNLOADS[kind]));
    }
    writeFileSync(join(temporary, 'index.html'), overviewPage(pages, besides));
    for (const { folder, page, source, download } of besidesPages(folders.results, besides)) {
      mkdirSync(join(temporary, folder));
      writeFileSync(join(temporary, folder, 'index.html'), page);
      copyFileSync(source, join(temporary, folder, download));
    }
    if (api) cpSync(api.folder, join(temporary, API_FOLDER), { recursive: true });
    const manifest = { generator: '@tensor-papers/benchmarks', papers: pages.map(({ paper }) => paper.name) };
    writeFileSync(join(temporary, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
    // A temporary folder is private; a report is for reading.
    chmodSync(temporary, 0o755);
    replaceFolder(temporary, out);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  return join(out, 'index.html');
}
