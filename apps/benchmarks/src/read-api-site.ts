import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ReportInputError } from './errors.js';
import { readJson } from './read-json.js';

/** The API reference as a site; `pnpm docs:api` makes it. */
export interface ApiSite {
  folder: string;
  /** The page of each package in it, by the package's name. */
  pages: ReadonlyMap<string, string>;
}

const REMAKE = 'running `npx -y pnpm@10 docs:api`';

/** The API reference of a folder; undefined where there is none. @throws ReportInputError */
export function readApiSite(folder: string): ApiSite | undefined {
  const file = join(folder, 'api.json');
  if (!existsSync(file)) return undefined;
  const { packages } = (readJson(file, 'report/bad-api', REMAKE) ?? {}) as { packages?: unknown };
  const pages = typeof packages === 'object' ? Object.entries(packages ?? {}) : [];
  const missing = ['index.html', ...pages.map(([, page]) => String(page))].find(
    (page) => !existsSync(join(folder, page)),
  );
  if (pages.length === 0 || missing !== undefined) {
    const what = missing === undefined ? 'field packages: expected pages by package' : `${missing} is not there`;
    throw new ReportInputError('report/bad-api', file, `${what}; make the API reference again by ${REMAKE}`);
  }
  return { folder, pages: new Map(pages.map(([name, page]) => [name, String(page)])) };
}
