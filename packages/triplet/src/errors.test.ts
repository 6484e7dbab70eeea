import { expect, it } from '@jest/globals';
import * as triplet from './index.js';
import { TripletError } from './index.js';

type Cause = new (message: string) => TripletError;

it('every error is a TripletError that says its name, and has a code of its own', () => {
  const causes = Object.entries(triplet).filter(([name]) => name.endsWith('Error') && name !== 'TripletError');
  expect(causes.length).toBeGreaterThan(4);
  const errors = causes.map(([, value]) => new (value as unknown as Cause)('expected rows'));
  for (const [i, error] of errors.entries()) {
    expect(error).toBeInstanceOf(TripletError);
    expect(String(error)).toBe(`${causes[i]![0]}: expected rows`);
    expect(error.code).toMatch(/^triplet\/[a-z-]+$/);
  }
  expect(new Set(errors.map(({ code }) => code)).size).toBe(errors.length);
});
