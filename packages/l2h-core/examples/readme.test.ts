import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { readmeExample } from '@tensor-papers/tools/readme-example';

it('the example of the README is search.ts and prints what the README says', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'l2h-example-'));
  const before = process.cwd();
  process.chdir(folder);
  try {
    const { readme, code, output } = await readmeExample(__dirname, 'search.ts', require);
    expect(readme).toContain(code);
    expect(readme).toContain(output);
  } finally {
    process.chdir(before);
    rmSync(folder, { recursive: true });
  }
});
