import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Lies in a site of the API, so that a folder of somebody else's is never replaced; says where the page of each package is. */
export const SITE_FILE = 'api.json';

/** @throws an Error where a folder may not be replaced by a site: it is a file, or it holds something else */
export function assertReplaceable(out) {
  if (!existsSync(out)) return;
  if (!statSync(out).isDirectory()) throw new Error(`--out ${out} is a file: expected a folder`);
  if (readdirSync(out).length > 0 && !existsSync(join(out, SITE_FILE))) {
    throw new Error(
      `--out ${out} is not empty and holds no API docs (no ${SITE_FILE}): name another folder or empty it`,
    );
  }
}

/** Has a site written beside `out`, then puts it in the place of an older one, which stays until the new one is complete. */
export async function replaceSite(out, write) {
  assertReplaceable(out);
  mkdirSync(dirname(out), { recursive: true });
  const temporary = mkdtempSync(join(dirname(out), `.${basename(out)}.tmp-`));
  const [finished, old] = [join(temporary, 'new'), join(temporary, 'old')];
  try {
    mkdirSync(finished);
    await write(finished);
    if (existsSync(out)) renameSync(out, old);
    try {
      renameSync(finished, out);
    } catch (error) {
      if (existsSync(old)) renameSync(old, out);
      throw error;
    }
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}
