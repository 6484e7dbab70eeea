import { expect, it } from '@jest/globals';
import { lineDifference } from './line-difference.mjs';

it.each([
  ['a\nb', 'a\nb', []],
  ['a\nb\nc', 'a\nx\nc', ['- b', '+ x']],
  ['a\nb\nc\nd', 'b\nc\ne\nd', ['- a', '+ e']],
  ['', 'a', ['- ', '+ a']],
  ['a\na', 'a', ['- a']],
])('from %j to %j', (was, is, lines) => {
  expect(lineDifference(was, is)).toEqual(lines);
});
