import { verifyPreset } from './jest/preset.mjs';

export default { ...verifyPreset, testMatch: ['<rootDir>/**/*.verify.test.ts'] };
