export { default } from '@tensor-papers/tools/jest';
