import { expect, it } from '@jest/globals';
import { type HeadNumber, headNumbers, labelersOf } from './index.js';

it('the other two heads label for a head, in order; or itself, twice', () => {
  expect(headNumbers.map((head) => labelersOf(head))).toEqual([
    [2, 3],
    [1, 3],
    [1, 2],
  ]);
  for (const head of [1, 2, 3] as HeadNumber[]) {
    expect(labelersOf(head, 'others')).toEqual(labelersOf(head));
    expect(labelersOf(head, 'self')).toEqual([head, head]);
  }
});
