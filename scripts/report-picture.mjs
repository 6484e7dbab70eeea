// `node scripts/report-picture.mjs`: the pictures of the report's first page that stand in README.md, light and dark, made of results/.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { launchChromium } from './chromium.mjs';
import { root } from './run.mjs';

const view = { width: 1120, height: 900 };
const temporary = mkdtempSync(join(tmpdir(), 'report-picture-'));
try {
  const site = join(temporary, 'site');
  const papers = join(root, 'scripts', 'papers.mjs');
  const elsewhere = join(temporary, 'no-demo');
  execFileSync(process.execPath, [papers, 'report', '--demo', elsewhere, '--api', elsewhere, '--out', site], {
    cwd: root,
  });
  const browser = await launchChromium();
  try {
    for (const [colorScheme, file] of Object.entries({ light: 'report.png', dark: 'report-dark.png' })) {
      const page = await browser.newPage({ viewport: view, colorScheme });
      await page.goto(pathToFileURL(join(site, 'index.html')).href);
      await page.screenshot({ path: join(root, 'docs', file) });
      console.log(`docs/${file}`);
    }
  } finally {
    await browser.close();
  }
} finally {
  rmSync(temporary, { recursive: true, force: true });
}
