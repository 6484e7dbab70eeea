import { html, type SafeHtml } from '../html.js';
import { copyable } from '../parts/copyable.js';
import type { PackageInfo, RepositoryFile } from '../read-package.js';

/** A file of the repository; without an address it is named, for the report may lie anywhere. */
const fileName = ({ path, address }: RepositoryFile) =>
  address ? html`<a href="${address}"><code>${path}</code></a>` : html`<code>${path}</code>`;

/**
 * From a paper to its code: what to install, where to read on.
 *
 * @param api where the API of the package is described
 */
export function packageLinks(info: PackageInfo | undefined, api: string | undefined): SafeHtml | false {
  const entries = [
    ...(info?.documents ?? []).map(({ title, file }) => html`${title}: ${fileName(file)}`),
    ...(api ? [html`<a href="${api}">API reference of the package</a>`] : []),
  ];
  if (!info && entries.length === 0) return false;
  return html`<div class="package">${
    info &&
    html`<p>The method as a package: <code>${info.name}</code></p>${copyable(`npm i ${info.install.join(' ')}`, 'Command that installs the package')}<p class="note">From the first release on npm on; until then from a clone, as the README of the repository says.</p>`
  }${entries.length > 0 && html`<ul class="documents note">${entries.map((entry) => html`<li>${entry}</li>`)}</ul>`}</div>`;
}
