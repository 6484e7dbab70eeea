import { readFileSync } from 'node:fs';
import { type Content, html, trustedMarkup } from './html.js';
import { mathStyle } from './parts/math-style.js';

const SHEETS = ['tokens', 'page', 'tables', 'claims', 'figures', 'method', 'speed', 'conformance', 'print'] as const;
const read = (file: string) => readFileSync(new URL(file, import.meta.url), 'utf8');
const styles = SHEETS.map((name) => read(`./styles/${name}.css`)).join('');
const dark = read('./styles/dark.css');
const script = read('./page-script.js');

/** What a page needs to know about itself. */
export interface Page {
  title: string;
  description: string;
  /** The way from this page to the overview; `null` on the overview. */
  home: string | null;
  body: Content;
}

/** A whole document: style and the few lines of script within, nothing from elsewhere; it can be read without the script. */
export function renderPage({ title, description, home, body }: Page): string {
  const { markup } = html`${body}`;
  // The script switches the dark style through its media attribute, so that the colours stand in one place only.
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="description" content="${description}">
<meta property="og:title" content="${title}">
<meta property="og:description" content="${description}">
<meta property="og:type" content="article">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${trustedMarkup(mathStyle(markup))}${trustedMarkup(styles)}</style>
<style id="dark" media="screen and (prefers-color-scheme: dark)">${trustedMarkup(dark)}</style>
<script>${trustedMarkup(script)}</script>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<div class="page">
<header class="top"><a class="home" href="${home ?? 'index.html'}">tensor-papers</a><span class="tagline">What papers claim, run again</span></header>
<main id="content" tabindex="-1">
${trustedMarkup(markup)}
</main>
<footer><p>Every number on this page was computed by a run; the result files that it was made from are linked. Negative results are shown like positive ones.</p></footer>
</div>
</body>
</html>
`.markup;
}
