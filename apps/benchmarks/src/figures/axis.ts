/** `Test accuracy (%)`; the unit is left away where the label has it already. */
export function axisTitle({ label, unit }: { label: string; unit?: string | undefined }): string {
  return unit && !label.includes(unit) ? `${label} (${unit})` : label;
}

/** At most `limit` items, evenly spread, the first and the last among them: what a reader can tell apart in a drawing. */
export function thin<Item>(items: readonly Item[], limit: number): Item[] {
  if (items.length <= limit) return [...items];
  return Array.from({ length: limit }, (_, index) => items[Math.round((index * (items.length - 1)) / (limit - 1))]!);
}
