/** Where a run stands, as opposed to what it measures. */
const POSITIONS = new Set(['step', 'epoch', 'stepOfEpoch', 'stepsPerEpoch', 'steps', 'examples']);

/** The numbers that a record measures by name; those within a record of numbers as `outer/inner`. */
export function scalarsOf(log: object, prefix = ''): [name: string, value: number][] {
  return Object.entries(log).flatMap(([name, value]: [string, unknown]): [string, number][] => {
    if (typeof value === 'number') return prefix === '' && POSITIONS.has(name) ? [] : [[`${prefix}${name}`, value]];
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? scalarsOf(value, `${name}/`) : [];
  });
}
