/** A value as messages name it: with its type where a reader could take it for another, and an object by its fields. */
export function shown(value: unknown): string {
  if (tagOf(value) !== 'Object') return briefly(value);
  const fields = Object.entries(value as object).slice(0, 4);
  return fields.length === 0 ? '{}' : `{ ${fields.map(([name, field]) => `${name}: ${briefly(field)}`).join(', ')} }`;
}

function briefly(value: unknown): string {
  if (typeof value === 'string') return `the string '${value.slice(0, 20)}'`;
  if (typeof value === 'bigint') return `${value}n`;
  if (value !== Object(value)) return String(value);
  const tag = tagOf(value);
  return `${/^[AEIO]/.test(tag) ? 'an' : 'a'} ${tag}${tag === 'Promise' ? '; is an await missing?' : ''}`;
}

/** What kind of object it is, such as Array, Promise or Object; also of what is none. */
export const tagOf = (value: unknown): string => Object.prototype.toString.call(value).slice(8, -1);
