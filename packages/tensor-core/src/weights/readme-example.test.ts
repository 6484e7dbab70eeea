import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { format } from 'node:util';
import { expect, it } from '@jest/globals';
import ts from 'typescript';
import { expectNoLeak } from '../../test/tensors.js';

it('the example of the README prints what it says there and leaves no tensor behind', async () => {
  const readme = readFileSync(join(__dirname, '..', '..', 'README.md'), 'utf8');
  const [, code, expected] = /## Weights\n\n```ts\n(.*?)```\n\n```text\n(.*?)```/s.exec(readme)!;
  const folder = mkdtempSync(join(tmpdir(), 'weights-readme-'));
  // Its files go into a folder of their own.
  const placed = code!.replaceAll(/'(model[\w.]*)'/g, (_, name: string) => JSON.stringify(join(folder, name)));
  const { outputText } = ts.transpileModule(placed, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  const printed: string[] = [];
  const console = { log: (...values: unknown[]) => printed.push(format(...values)) };
  const AsyncFunction = (async () => {}).constructor as FunctionConstructor;
  try {
    await expectNoLeak(() => new AsyncFunction('require', 'exports', 'console', outputText)(require, {}, console));
  } finally {
    rmSync(folder, { recursive: true });
  }
  expect(`${printed.join('\n')}\n`).toBe(expected);
});
