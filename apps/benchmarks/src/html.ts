/** Markup that is already escaped; made by {@link html}, or by {@link trustedMarkup} from a renderer that escapes by itself. */
export class SafeHtml {
  constructor(readonly markup: string) {}

  toString(): string {
    return this.markup;
  }
}

/** What a template may hold: text is escaped, markup is kept, lists are joined, and `null`, `undefined`, `false` give nothing. */
export type Content = SafeHtml | string | number | null | undefined | false | readonly Content[];

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Escapes text for an element's content or a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
}

function toMarkup(content: Content): string {
  if (content === null || content === undefined || content === false) return '';
  if (content instanceof SafeHtml) return content.markup;
  if (typeof content === 'object') return content.map(toMarkup).join('');
  return escapeHtml(String(content));
}

/** Template tag: every interpolated value is escaped unless it is {@link SafeHtml}. Attributes must stand in quotes. */
export function html(strings: TemplateStringsArray, ...values: Content[]): SafeHtml {
  return new SafeHtml(strings.reduce((markup, part, index) => `${markup}${toMarkup(values[index - 1])}${part}`));
}

/** Takes markup as it is. Only for the output of renderers that escape their input: vega's SVG, KaTeX's MathML. */
export function trustedMarkup(markup: string): SafeHtml {
  return new SafeHtml(markup);
}

/** An id for an anchor or a file name: lower-case letters, digits and hyphens only. */
export function slug(text: string): string {
  const plain = text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return plain || 'item';
}

/** The address if it is http(s), else `undefined`: a result file cannot bring a `javascript:` link. */
export function webAddress(text: string | undefined | null): string | undefined {
  if (!text) return undefined;
  try {
    const address = new URL(text);
    return address.protocol === 'https:' || address.protocol === 'http:' ? address.href : undefined;
  } catch {
    return undefined;
  }
}
