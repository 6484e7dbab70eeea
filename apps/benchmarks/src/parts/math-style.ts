import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const folder = join(dirname(createRequire(import.meta.url).resolve('katex')));
const FACE = /@font-face\{[^}]*\}/g;

/** Family, style and weight that a rule of KaTeX's sheet asks for. */
function faceOf(declarations: string): string | undefined {
  const family = /font-family:(KaTeX_\w+)/.exec(declarations)?.[1];
  if (!family) return undefined;
  const style = /font-style:italic/.test(declarations) ? 'italic' : 'normal';
  return `${family} ${style} ${/font-weight:700/.test(declarations) ? 700 : 400}`;
}

/** Whether one of a rule's selectors has all of its classes in use. */
const inUse = (selectors: string, classes: ReadonlySet<string>) =>
  selectors
    .split(',')
    .some((selector) => [...selector.matchAll(/\.([\w-]+)/g)].every(([, name]) => classes.has(name!)));

/**
 * KaTeX's style for a page, with the fonts that its formulas use (some 25 kB each) and no other; empty where there is no formula.
 * The fonts lie in the style itself: a page never loads anything.
 */
export function mathStyle(markup: string): string {
  if (!markup.includes('class="katex')) return '';
  const sheet = readFileSync(join(folder, 'katex.min.css'), 'utf8');
  const classes = new Set([...markup.matchAll(/class="([^"]*)"/g)].flatMap(([, names]) => names!.split(/\s+/)));
  const rules = [...sheet.replace(FACE, '').matchAll(/([^{}]+)\{([^{}]*)\}/g)];
  const faces = new Set(
    rules.flatMap(([, selectors, body]) => (inUse(selectors!, classes) ? (faceOf(body!) ?? []) : [])),
  );
  faces.add('KaTeX_Main normal 400');
  return sheet.replace(FACE, (rule) => {
    if (!faces.has(faceOf(rule) ?? '')) return '';
    const file = /url\((fonts\/[\w-]+\.woff2)\)/.exec(rule)?.[1];
    if (!file) throw new Error(`KaTeX's style names no woff2 font: ${rule}`);
    const font = readFileSync(join(folder, file)).toString('base64');
    return rule.replace(/src:[^}]*/, `src:url(data:font/woff2;base64,${font}) format("woff2")`);
  });
}
