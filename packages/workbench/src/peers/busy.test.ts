import { expect, it } from '@jest/globals';
import { busyWarning } from './busy.js';

it('warns where others keep the machine busy', () => {
  expect(busyWarning(0, 2)).toBeUndefined();
  expect(busyWarning(0.5, 2)).toBeUndefined();
  expect(busyWarning(0.7, 2)).toMatch(/load 0\.7 on 2 cores/);
  expect(busyWarning(0.7, 16)).toBeUndefined();
});
