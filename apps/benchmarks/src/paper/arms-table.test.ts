import { expect, it } from '@jest/globals';
import { standardResult } from '../../test/fixtures.js';
import { armsTable } from './arms-table.js';
import { rawValues } from './raw-values.js';

it('shows means of any size: thousands that differ by hundreds, and hundredths', () => {
  const arms = { a: { large: [1_200_000_000, 1_900_000_000], small: [0.012, 0.015] } };
  const { markup } = armsTable({ ...standardResult(), seeds: [1, 2], arms });
  expect(markup).toContain('1550000000');
  expect(markup).toContain('0.0135');
});

it('says of the words under arms that they were declared, where there are any', () => {
  const arms = { a: { m: [1, 2] } };
  const note = 'written before the run';
  expect(rawValues({ ...standardResult(), arms, armInfo: { a: 'an upper bound' } }).markup).toContain(note);
  expect(rawValues({ ...standardResult(), arms, armInfo: {} }).markup).not.toContain(note);
});
