import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium } from 'playwright-core';

/** Where a Chromium lies, and the environment it needs. */
export interface ChromiumLocation {
  path: string;
  env: Record<string, string>;
}

const SYSTEM_NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** No Chromium could be found or unpacked; the browser test then fails, it is never skipped. */
export class ChromiumMissingError extends Error {
  readonly code = 'tools/chromium-missing';
}

function systemChromium(env: NodeJS.ProcessEnv): string | undefined {
  if (env.CHROME_PATH) {
    if (existsSync(env.CHROME_PATH)) return env.CHROME_PATH;
    throw new ChromiumMissingError(
      `CHROME_PATH names ${env.CHROME_PATH}, which does not exist; unset it or correct it`,
    );
  }
  const folders = [...(env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/local/bin'];
  const candidates = folders.flatMap((folder) => SYSTEM_NAMES.map((name) => join(folder, name)));
  candidates.push('/Applications/Google Chrome.app/Contents/MacOS/Google Chrome');
  return candidates.find((path) => existsSync(path));
}

function cacheRoot(env: NodeJS.ProcessEnv): string {
  if (env.TENSOR_PAPERS_CACHE) return env.TENSOR_PAPERS_CACHE;
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'tensor-papers');
}

/** Unpacks the archives of `@sparticuz/chromium` into the user's cache, once per version. */
function unpackedChromium(env: NodeJS.ProcessEnv): string {
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium');
  const packageFolder = dirname(dirname(entry));
  const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as { version: string };
  const target = join(cacheRoot(env), 'chromium', version);
  if (existsSync(join(target, 'chromium'))) return target;

  mkdirSync(dirname(target), { recursive: true });
  const temporary = mkdtempSync(`${target}.tmp-`);
  // The package unpacks into os.tmpdir() and leaves its shared libraries packed outside AWS: hence a child with another TMPDIR.
  const program = `
    const { inflate } = await import(${JSON.stringify(pathToFileURL(entry).href)});
    for (const name of ['chromium.br', 'fonts.tar.br', 'al2023.tar.br']) {
      await inflate(${JSON.stringify(join(packageFolder, 'bin'))} + '/' + name);
    }`;
  try {
    execFileSync(process.execPath, ['--input-type=module', '--eval', program], {
      env: { ...env, TMPDIR: temporary, NODE_OPTIONS: '' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    try {
      renameSync(temporary, target);
    } catch (error) {
      // Another run was faster.
      if (!existsSync(join(target, 'chromium'))) throw error;
    }
  } catch (error) {
    throw new ChromiumMissingError(
      `No system Chromium was found, and the one of @sparticuz/chromium could not be unpacked into ${target}: ${error}. ` +
        'Install Chromium or set CHROME_PATH.',
    );
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  return target;
}

/** Finds a Chromium: `CHROME_PATH`, then the system's, then the one that `@sparticuz/chromium` brings (Linux x64). */
export function findChromium(env: NodeJS.ProcessEnv = process.env): ChromiumLocation {
  const inherited = Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => !!entry[1]));
  const system = systemChromium(env);
  if (system) return { path: system, env: inherited };
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new ChromiumMissingError(
      `No Chromium was found, and the bundled one runs on Linux x64 only, not on ${process.platform} ${process.arch}. ` +
        'Install Chromium or Chrome, or set CHROME_PATH.',
    );
  }
  const folder = unpackedChromium(env);
  const libraries = [join(folder, 'al2023', 'lib'), env.LD_LIBRARY_PATH].filter(Boolean).join(delimiter);
  const fonts = existsSync('/etc/fonts/fonts.conf') ? {} : { FONTCONFIG_PATH: join(folder, 'fonts') };
  return { path: join(folder, 'chromium'), env: { ...inherited, LD_LIBRARY_PATH: libraries, ...fonts } };
}

/** Starts a headless Chromium; the caller closes it. */
export function launchChromium(location: ChromiumLocation = findChromium()): Promise<Browser> {
  return chromium.launch({ executablePath: location.path, args: FLAGS, env: location.env, timeout: 60_000 });
}
