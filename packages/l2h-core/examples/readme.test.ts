import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { expect, it } from '@jest/globals';
import ts from 'typescript';

it('the example of the README is search.ts and prints what the README says', async () => {
  const readme = readFileSync(join(__dirname, '..', 'README.md'), 'utf8');
  const example = readFileSync(join(__dirname, 'search.ts'), 'utf8');
  const { outputText } = ts.transpileModule(example, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  const printed: string[] = [];
  const console = {
    log: (...values: unknown[]) =>
      printed.push(values.map((value) => (typeof value === 'string' ? value : inspect(value))).join(' ')),
  };
  const folder = mkdtempSync(join(tmpdir(), 'l2h-example-'));
  const before = process.cwd();
  process.chdir(folder);
  try {
    const AsyncFunction = (async () => {}).constructor as FunctionConstructor;
    await new AsyncFunction('require', 'exports', 'console', outputText)(require, {}, console);
  } finally {
    process.chdir(before);
    rmSync(folder, { recursive: true });
  }
  expect(readme).toContain(`\`\`\`ts\n${example}\`\`\``);
  expect(readme).toContain(`\`\`\`text\n${printed.join('\n')}\n\`\`\``);
});
