import { expect, it } from '@jest/globals';
import { typeErrorsOutside } from './install-matrix.mjs';

it('type errors in the declarations of TensorFlow.js are left out with their explanations, others are not', () => {
  const theirs = `../node_modules/@tensorflow/tfjs-core/dist/a.d.ts(2,49): error TS2304: Cannot find name 'Long'.
  Types of property 'inputs' are incompatible.
`;
  const ours = "../node_modules/@tensor-papers/ban/dist/index.d.ts(1,1): error TS2503: Cannot find namespace 'NodeJS'.";
  expect(typeErrorsOutside(theirs, '@tensorflow')).toEqual([]);
  expect(typeErrorsOutside(`${theirs}${ours}\n  a detail\n${theirs}`, '@tensorflow')).toEqual([`${ours}\n  a detail`]);
  expect(typeErrorsOutside('tsc: not done after 30 minutes', '@tensorflow')).toHaveLength(1);
});
