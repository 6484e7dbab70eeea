import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { launchChromium } from '@tensor-papers/tools/chromium';
import type { Browser, Page } from 'playwright-core';
import { buildReport } from '../src/build-report.js';
import { fixture } from './fixtures.js';

/** Pages of the report of the fixtures, each with how many drawings it has at least. */
export const PAGES = [
  ['index.html', 7],
  ['example/index.html', 7],
  ['speed/index.html', 4],
  ['engine/index.html', 0],
] as const;

/** What went wrong in a page, and what it asked of the network. */
export interface Trouble {
  console: string[];
  failed: string[];
  network: string[];
}

export interface OpenOptions {
  width?: number;
  dark?: boolean;
  script?: boolean;
}

/** The report of the fixtures in a folder of its own, and a Chromium to look at it. */
export interface Site {
  folder: string;
  browser: Browser;
  /** Opens a page from disk and notes what goes wrong. */
  open(path: string, options?: OpenOptions): Promise<{ page: Page; trouble: Trouble }>;
  close(): Promise<void>;
}

/** Builds the report and starts a Chromium; the caller closes both with `close`. */
export async function openSite(): Promise<Site> {
  const temporary = mkdtempSync(join(tmpdir(), 'report-browser-'));
  const folder = join(temporary, 'report');
  await buildReport({
    results: fixture('results'),
    demo: fixture('demo'),
    papers: fixture('papers'),
    api: fixture('api'),
    out: folder,
  });
  const browser = await launchChromium();
  return {
    folder,
    browser,
    async open(path, { width = 1280, dark = false, script = true } = {}) {
      const page = await browser.newPage({
        viewport: { width, height: 900 },
        colorScheme: dark ? 'dark' : 'light',
        javaScriptEnabled: script,
      });
      const trouble: Trouble = { console: [], failed: [], network: [] };
      page.on(
        'console',
        (message) => ['error', 'warning'].includes(message.type()) && trouble.console.push(message.text()),
      );
      page.on('pageerror', (error) => trouble.console.push(error.message));
      page.on('requestfailed', (request) => trouble.failed.push(request.url()));
      page.on('request', (request) => /^(?:file|data):/.test(request.url()) || trouble.network.push(request.url()));
      await page.goto(pathToFileURL(join(folder, path)).href, { waitUntil: 'load' });
      return { page, trouble };
    },
    async close() {
      await browser.close();
      rmSync(temporary, { recursive: true, force: true });
    },
  };
}
