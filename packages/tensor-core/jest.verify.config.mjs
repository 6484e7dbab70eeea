import { verifyPreset } from '@tensor-papers/tools/jest';

export default { ...verifyPreset, setupFilesAfterEnv: ['@tensor-papers/engine/jest-setup'] };
