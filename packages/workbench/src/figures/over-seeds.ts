/** How the values of several seeds are summed up, for captions. */
export function seedsInWords({ seeds }: { readonly seeds: readonly unknown[] }): string {
  if (seeds.length === 1) return 'One seed';
  return `Mean of ${seeds.length} seeds${seeds.length > 2 ? ' with 95 % t intervals' : ''}`;
}

/** Differences of two arms' values, seed by seed; null where one of them was not measured. */
export const differencesBySeed = (
  values: readonly (number | null)[],
  controls: readonly (number | null)[],
): (number | null)[] =>
  values.map((value, seed) => {
    const other = controls[seed];
    return value === null || other === null || other === undefined ? null : value - other;
  });
