import { preset } from '@tensor-papers/tools/jest';

export default { ...preset, testEnvironment: '<rootDir>/jest/environment.cjs' };
