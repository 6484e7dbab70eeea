import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { launchChromium } from '@tensor-papers/tools/chromium';
import { type Outcome, type Work, work } from './work.js';

/** The headers of each page. */
const pages: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '/plain.html': {},
  '/isolated.html': {
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
  },
  '/strict.html': { 'content-security-policy': "default-src 'none'; script-src 'self'" },
};

let folder: string;
let server: Server;
let browser: Awaited<ReturnType<typeof launchChromium>>;
let expected: Outcome;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'l2h-browser-'));
  const tsup = createRequire(__filename).resolve('tsup/package.json');
  const { bin } = JSON.parse(readFileSync(tsup, 'utf8')) as { bin: { tsup: string } };
  execFileSync(
    process.execPath,
    [join(dirname(tsup), bin.tsup), '--config', join('test', 'browser', 'tsup.config.mjs'), '--out-dir', folder],
    { cwd: join(__dirname, '..', '..'), stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const script = readFileSync(join(folder, 'page.js'));
  server = createServer(({ url = '' }, response) => {
    const headers = pages[url];
    if (headers) {
      response.writeHead(200, { 'content-type': 'text/html', ...headers });
      response.end(
        '<!doctype html><title>Codes</title><link rel="icon" href="data:,"><script type="module" src="page.js"></script>',
      );
    } else {
      response.writeHead(url === '/page.js' ? 200 : 404, { 'content-type': 'text/javascript' });
      response.end(url === '/page.js' ? script : '');
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  browser = await launchChromium();
  expected = await work({ kernels: ['wasm', 'js'], workers: [2] });
});

afterAll(async () => {
  await browser?.close();
  server?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What a page computes. Throws for errors in the page. */
async function workIn(path: string, options: Work): Promise<Outcome> {
  const page = await browser.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, { waitUntil: 'load' });
  const outcome = await page.evaluate((given) => (globalThis as unknown as { work: typeof work }).work(given), options);
  await page.close();
  expect(errors).toEqual([]);
  return outcome;
}

/** Compares names exactly, whole numbers exactly and others to 1e-9. */
function expectSame(got: Outcome, wanted: Outcome): void {
  expect(Object.keys(got)).toEqual(Object.keys(wanted));
  for (const [name, values] of Object.entries(wanted)) {
    const off = values.findIndex((value, i) => {
      const other = got[name]![i];
      if (typeof value === 'string' || Number.isInteger(value)) return other !== value;
      return !(Math.abs((other as number) - value) <= 1e-9 * Math.max(1, Math.abs(value)));
    });
    expect({ name, length: got[name]!.length, off, is: got[name]![off] }).toEqual({
      name,
      length: values.length,
      off: -1,
      is: undefined,
    });
  }
}

/** Without some of the results, and with the kernel that is to be the default. */
function without(name: RegExp, kernel: string): Outcome {
  const kept = Object.entries(expected).filter(([key]) => !name.test(key));
  return { ...Object.fromEntries(kept), 'the default kernel': [kernel] };
}

it('all ways of searching agree where they must', () => {
  expect(expected['flat js']).toEqual(expected['flat wasm']);
  expect(expected['parallel 2']).toEqual(expected['flat wasm']);
  expect(expected['multi-index hashing']).toEqual(expected['flat wasm']);
  expect(expected['flat wasm']!.length).toBeGreaterThan(400);
  expect(expected['what is wrong with a file']).toEqual([
    expect.stringMatching(/^FileCorruptError l2h\/file-corrupt .*cut off/),
  ]);
});

it('a page computes what Node computes', async () => {
  const outcome = await workIn('/plain.html', { kernels: ['wasm', 'js'], workers: [0] });
  expect(outcome['parallel 0']).toEqual(outcome['flat wasm']);
  const { 'parallel 0': _, ...others } = outcome;
  expectSame(others, without(/^parallel/, 'wasm'));
});

it('so do threads, in a page that is isolated from other origins', async () => {
  expectSame(await workIn('/isolated.html', { kernels: ['wasm', 'js'], workers: [2] }), without(/^$/, 'wasm'));
});

it('and JavaScript, in a page that forbids WebAssembly', async () => {
  expectSame(await workIn('/strict.html', { kernels: ['js'], workers: [] }), without(/^parallel|wasm/, 'js'));
  await expect(workIn('/strict.html', { kernels: ['wasm'], workers: [] })).rejects.toThrow(
    /kernel: WebAssembly is missing here/,
  );
});

it('a page that is not isolated says why it has no threads', async () => {
  await expect(workIn('/plain.html', { kernels: [], workers: [2] })).rejects.toThrow(/Cross-Origin-Opener-Policy/);
});
