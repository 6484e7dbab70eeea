export { verifyPreset as default } from '@tensor-papers/tools/jest';
