/** Position of the quote that closes the string which opens at `open`. */
function closingQuote(json: string, open: number): number {
  for (let at = open + 1; ; at++) {
    if (json[at] === '\\') at++;
    else if (json[at] === '"') return at;
  }
}

/**
 * The first key that an object of a JSON text has twice, which `JSON.parse` hides by taking the last.
 *
 * @param json has to be valid
 * @returns undefined where there is none
 */
export function duplicateKey(json: string): string | undefined {
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
      if (keys.has(key)) return key;
      keys.add(key);
    }
  }
  return undefined;
}
