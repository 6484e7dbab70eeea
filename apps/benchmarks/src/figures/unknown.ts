import { html, type SafeHtml } from '../html.js';
import type { UnknownFigure } from '../report-result.js';
import { figureFrame, type Place } from './figure.js';

/** A figure of a kind that this report does not know: what it is about, and its data to take away. */
export function renderUnknown(figure: UnknownFigure & Place): SafeHtml {
  const body = html`<p class="empty">${figure.alt} (This report does not draw figures of kind “${figure.kind}”; the data are in the JSON.)</p>`;
  return figureFrame(figure, { body });
}
