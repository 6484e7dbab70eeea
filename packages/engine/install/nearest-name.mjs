/** The known name that a mistyped one probably meant, or undefined when none is near. Levenshtein distance. */
export function nearestName(text, names) {
  const distance = (a, b) => {
    let row = Array.from({ length: b.length + 1 }, (_, j) => j);
    for (let i = 1; i <= a.length; i++) {
      const next = [i];
      for (let j = 1; j <= b.length; j++) {
        next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
      }
      row = next;
    }
    return row[b.length];
  };
  const [best] = names
    .map((name) => ({ name, d: distance(text.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.d - b.d);
  return best && best.d <= Math.max(2, best.name.length / 2) ? best.name : undefined;
}
