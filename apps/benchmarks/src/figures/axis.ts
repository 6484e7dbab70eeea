/** `Test accuracy (%)`; the unit is left away where the label has it already. */
export function axisTitle({ label, unit }: { label: string; unit?: string | undefined }): string {
  return unit && !label.includes(unit) ? `${label} (${unit})` : label;
}

/** At most `limit` items, evenly spread, the first and the last among them: what a reader can tell apart in a drawing. */
export function thin<Item>(items: readonly Item[], limit: number): Item[] {
  if (items.length <= limit) return [...items];
  return Array.from({ length: limit }, (_, index) => items[Math.round((index * (items.length - 1)) / (limit - 1))]!);
}

/**
 * The domain of an axis on which everything lies at one value, which would be labelled `0.000000` in the middle of nowhere:
 * from zero to twice the value, to one where it is zero. Nothing for values that differ, which make their own domain.
 */
export function flatDomain(values: Iterable<number>): { domain?: [number, number] } {
  const [value, ...others] = new Set(values);
  if (value === undefined || others.length > 0) return {};
  return { domain: value < 0 ? [2 * value, 0] : [0, 2 * value || 1] };
}
