/** A text as an address that needs no file beside the page. Only what an attribute or an address could not hold is encoded. */
export function dataUri(type: 'image/svg+xml' | 'application/json' | 'text/csv', text: string): string {
  return `data:${type};charset=utf-8,${text.replace(/[%#<>"&\n\r\t]/g, encodeURIComponent)}`;
}
