import { preset } from '@tensor-papers/tools/jest';

export default { ...preset, setupFilesAfterEnv: ['@tensor-papers/engine/jest-setup'] };
