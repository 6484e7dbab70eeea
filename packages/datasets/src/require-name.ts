import { UnknownDataSetError } from './errors.js';
import { nearestName } from './nearest-name.js';

/**
 * Refuses an option's value that is none of `names`.
 *
 * @param option what the message calls it, such as `fashionMnist: split`
 * @throws UnknownDataSetError with the nearest name
 */
export function requireName(option: string, value: string, names: readonly string[]): void {
  if (names.includes(value)) return;
  const nearest = nearestName(String(value), names);
  throw new UnknownDataSetError(
    `${option}: expected ${names.join(' or ')}, got ${value}${nearest ? `; did you mean ${nearest}?` : ''}`,
    nearest,
  );
}
