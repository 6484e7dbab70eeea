import { expect, it } from '@jest/globals';
import { readmeExample } from '@tensor-papers/tools/readme-example';

it('the example of the README is train.ts and prints what the README says', async () => {
  const { readme, code, output } = await readmeExample(__dirname, 'train.ts', require);
  expect(readme).toContain(code);
  expect(readme).toContain(output);
});
