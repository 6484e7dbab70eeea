import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './project.mjs';

const fixtures = fileURLToPath(new URL('fixtures/page', import.meta.url));
const types = { '.html': 'text/html', '.js': 'text/javascript', '.json': 'application/json' };

/** Builds a page around an example, by the Vite that is installed in the project, and gives the folder of its files. */
export async function buildPage(project, code) {
  const folder = join(project, 'page');
  cpSync(fixtures, folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
  writeFileSync(join(folder, 'example.ts'), code);
  await run(process.execPath, ['save-images.mjs'], { cwd: folder });
  await run(process.execPath, [join(project, 'node_modules', 'vite', 'bin', 'vite.js'), 'build'], { cwd: folder });
  return join(folder, 'dist');
}

/** What the page's example prints in a browser. */
export async function openPage(browser, folder, { minutes = 30 } = {}) {
  const server = createServer((request, response) => serve(folder, request.url, response));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const page = await browser.newPage();
    const problems = [];
    page.on('pageerror', (error) => problems.push(error.message));
    await page.goto(`http://127.0.0.1:${server.address().port}/`, { waitUntil: 'load' });
    await page.waitForFunction(() => globalThis.outcome !== undefined, undefined, { timeout: minutes * 60_000 });
    const outcome = await page.evaluate(() => globalThis.outcome);
    await page.close();
    const wrong = [...problems, ...(outcome.error ? [outcome.error] : [])];
    if (wrong.length > 0) throw new Error(`in the page: ${wrong.join('; ')}`);
    return outcome.printed;
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

function serve(folder, url, response) {
  const path = normalize(new URL(url, 'http://page').pathname).replace(/[/\\]$/, '/index.html');
  try {
    const bytes = readFileSync(join(folder, path));
    response.writeHead(200, { 'content-type': types[extname(path)] ?? 'application/octet-stream' }).end(bytes);
  } catch {
    response.writeHead(404).end();
  }
}
