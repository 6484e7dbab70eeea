import { expect, it } from '@jest/globals';
import { nearestName, unknownName } from './nearest-name.js';

it.each([
  ['quik', 'quick'],
  ['STANDARD', 'standard'],
  ['stnadard', 'standard'],
  ['smok', 'smoke'],
  ['zebra crossing', undefined],
])('nearest to %s: %s', (text, nearest) => {
  expect(nearestName(text, ['smoke', 'quick', 'standard'])).toBe(nearest);
});

it('says what is known, with a hint only where there is one', () => {
  expect(unknownName('preset', 'quik', ['smoke', 'quick'])).toBe(
    "unknown preset 'quik' (did you mean 'quick'?); expected one of smoke, quick",
  );
  expect(unknownName('preset', 'zebra crossing', ['smoke'])).toBe(
    "unknown preset 'zebra crossing'; expected one of smoke",
  );
  expect(nearestName('a', [])).toBeUndefined();
});
