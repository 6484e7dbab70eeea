import { preset } from './jest/preset.mjs';

export default {
  ...preset,
  testMatch: ['<rootDir>/**/*.test.ts'],
  // The tests of the template are those of the packages that are made of it.
  testPathIgnorePatterns: [...preset.testPathIgnorePatterns, '/paper-template/'],
};
