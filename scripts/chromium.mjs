import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './run.mjs';

/** Starts the Chromium of tools/browser, which is TypeScript: by way of tsx, whose `require` would find the wrong half of it. */
export async function launchChromium() {
  const manifest = createRequire(join(root, 'packages', 'engine', 'package.json')).resolve('tsx/package.json');
  const { exports } = JSON.parse(readFileSync(manifest, 'utf8'));
  const { tsImport } = await import(new URL(exports['./esm/api'].import.default, pathToFileURL(manifest)).href);
  const browser = await tsImport(pathToFileURL(join(root, 'tools', 'browser', 'chromium.ts')).href, import.meta.url);
  return browser.launchChromium();
}
