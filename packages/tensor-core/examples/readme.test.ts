import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import ts from 'typescript';
import { expectNoLeak } from '../test/tensors.js';

it('the example of the README is train.ts, prints what the README says and leaves no tensor behind', async () => {
  const readme = readFileSync(join(__dirname, '..', 'README.md'), 'utf8');
  const example = readFileSync(join(__dirname, 'train.ts'), 'utf8');
  const { outputText } = ts.transpileModule(example, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  const printed: string[] = [];
  const console = { log: (line: string) => printed.push(line) };
  const AsyncFunction = (async () => {}).constructor as FunctionConstructor;
  await expectNoLeak(() => new AsyncFunction('require', 'exports', 'console', outputText)(require, {}, console));
  expect(readme).toContain(`\`\`\`ts\n${example}\`\`\``);
  expect(readme).toContain(`\`\`\`text\n${printed.join('\n')}\n\`\`\``);
});
