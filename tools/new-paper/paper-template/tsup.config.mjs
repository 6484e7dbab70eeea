export { default } from '@tensor-papers/tools/tsup';
