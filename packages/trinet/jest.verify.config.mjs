import { verifyPreset } from '@tensor-papers/tools/jest';

export default {
  ...verifyPreset,
  testEnvironment: '@tensor-papers/engine/jest-environment',
  setupFilesAfterEnv: ['@tensor-papers/engine/jest-setup'],
};
