import { preset } from '@tensor-papers/tools/jest';

export default {
  ...preset,
  testEnvironment: '@tensor-papers/engine/jest-environment',
  setupFilesAfterEnv: ['@tensor-papers/engine/jest-setup'],
};
