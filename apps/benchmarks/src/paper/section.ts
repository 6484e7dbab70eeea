import { type Content, html, type SafeHtml } from '../html.js';

/** A part of a paper's page that the links at its top lead to. */
export interface Section {
  id: string;
  title: string;
  /** Its name among the links, where the title is long. */
  short?: string;
  /** A class of its own look. */
  look?: string;
  content: Content;
}

/** The section with its heading. */
export function renderSection({ id, title, look, content }: Section): SafeHtml {
  return html`<section id="${id}" class="${look}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
${content}
</section>
`;
}

/** The links to the sections of a page; they stay in sight, on a phone in one line that scrolls by itself. */
export function contents(sections: readonly Pick<Section, 'id' | 'title' | 'short'>[]): SafeHtml {
  return html`<nav class="contents on-page" aria-label="On this page" tabindex="0"><ul>${sections.map(
    ({ id, title, short }) => html`<li><a href="#${id}">${short ?? title}</a></li>`,
  )}</ul></nav>`;
}
