import { verifyPreset } from '@tensor-papers/tools/jest';

export default { ...verifyPreset, testEnvironment: '<rootDir>/jest/environment.cjs' };
