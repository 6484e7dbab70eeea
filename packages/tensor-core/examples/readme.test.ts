import { expect, it } from '@jest/globals';
import { readmeExample } from '@tensor-papers/tools/readme-example';
import { expectNoLeak } from '../test/tensors.js';

it.each(['train', 'resume'])(
  '%s.ts stands in the README, prints what it says there and leaves no tensor behind',
  async (name) => {
    await expectNoLeak(async () => {
      const { readme, code, output } = await readmeExample(__dirname, `${name}.ts`, require);
      expect(readme).toContain(code);
      expect(readme).toContain(output);
    });
  },
);
