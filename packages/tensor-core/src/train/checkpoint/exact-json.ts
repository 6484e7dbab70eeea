import type { JsonValue } from './checkpoint-part.js';

const NUMBER_KEY = '$number';

/** JSON that keeps every number: NaN, the infinities and −0 are written as `{ "$number": "NaN" }`. */
export function toExactJson(value: JsonValue): string {
  return JSON.stringify(value, (_key, each: unknown) => {
    if (typeof each !== 'number' || (Number.isFinite(each) && !Object.is(each, -0))) return each;
    return { [NUMBER_KEY]: Object.is(each, -0) ? '-0' : String(each) };
  });
}

/** Reads what {@link toExactJson} wrote. */
export function fromExactJson(text: string): JsonValue {
  return JSON.parse(text, (_key, each: unknown) =>
    typeof each === 'object' && each !== null && Object.hasOwn(each, NUMBER_KEY)
      ? Number((each as Record<string, string>)[NUMBER_KEY])
      : each,
  ) as JsonValue;
}
