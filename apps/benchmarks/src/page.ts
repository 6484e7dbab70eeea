import { readFileSync } from 'node:fs';
import { type Content, html, type SafeHtml, trustedMarkup } from './html.js';

const SHEETS = ['tokens', 'page', 'tables', 'claims', 'figures', 'method', 'speed', 'conformance', 'print'] as const;
const styles = SHEETS.map((name) => readFileSync(new URL(`./styles/${name}.css`, import.meta.url), 'utf8')).join('');

/** What a page needs to know about itself. */
export interface Page {
  title: string;
  description: string;
  /** The way from this page to the overview; `null` on the overview. */
  home: string | null;
  body: Content;
}

/** A whole document: style within, no script, nothing from elsewhere. */
export function renderPage({ title, description, home, body }: Page): string {
  const head: SafeHtml = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="description" content="${description}">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${trustedMarkup(styles)}</style>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<div class="page">
<header class="top"><a class="home" href="${home ?? 'index.html'}">tensor-papers</a><span>What papers claim, run again</span></header>
<main id="content">
${body}
</main>
<footer><p>Every number on this page was computed by a run; the result files that it was made from are linked. Negative results are shown like positive ones.</p></footer>
</div>
</body>
</html>
`;
  return head.markup;
}
