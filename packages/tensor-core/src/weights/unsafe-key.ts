/** Position of the quote that closes the string which opens at `open`. */
function closingQuote(json: string, open: number): number {
  for (let at = open + 1; ; at++) {
    if (json[at] === '\\') at++;
    else if (json[at] === '"') return at;
  }
}

/** A key that one cannot trust. */
export interface UnsafeKey {
  readonly key: string;
  readonly because: 'it comes twice' | 'it can change the prototype of an object that it is copied into';
}

/**
 * The first key of a JSON text that its object has twice (`JSON.parse` takes the last), or that is `__proto__`.
 *
 * @param json has to be valid
 * @returns undefined where there is none
 */
export function unsafeKey(json: string): UnsafeKey | undefined {
  const keysOfOpen: Set<string>[] = [];
  const colon = /\s*:/y;
  for (let at = 0; at < json.length; at++) {
    const character = json[at];
    if (character === '{') keysOfOpen.push(new Set());
    else if (character === '}') keysOfOpen.pop();
    else if (character === '"') {
      const open = at;
      at = closingQuote(json, open);
      colon.lastIndex = at + 1;
      if (!colon.test(json)) continue;
      const key = JSON.parse(json.slice(open, at + 1)) as string;
      const keys = keysOfOpen.at(-1)!;
      if (keys.has(key)) return { key, because: 'it comes twice' };
      if (key === '__proto__') {
        return { key, because: 'it can change the prototype of an object that it is copied into' };
      }
      keys.add(key);
    }
  }
  return undefined;
}
