const longest = 60;

function primitive(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > longest ? `${value.slice(0, longest)}…` : value);
  if (Array.isArray(value)) return value.length === 0 ? '[]' : '[…]';
  return typeof value === 'object' && value !== null ? '{…}' : String(value);
}

/** A value of a file as a short text for a message. Looks one level deep, whatever the file nests. */
export function describeValue(value: unknown): string {
  if (typeof value !== 'object' || value === null) return primitive(value);
  const list = Array.isArray(value);
  const parts = list
    ? value.slice(0, 8).map(primitive)
    : Object.keys(value)
        .slice(0, 8)
        .map((key) => `${primitive(key)}: ${primitive((value as Record<string, unknown>)[key])}`);
  const more = (list ? value.length : Object.keys(value).length) > 8 ? ', …' : '';
  return list ? `[${parts.join(', ')}${more}]` : `{ ${parts.join(', ')}${more} }`;
}
