import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import ts from 'typescript';
import { expectNoLeak } from '../test/tensors.js';

it.each(['train', 'resume'])(
  '%s.ts stands in the README, prints what it says there and leaves no tensor behind',
  async (name) => {
    const readme = readFileSync(join(__dirname, '..', 'README.md'), 'utf8');
    const example = readFileSync(join(__dirname, `${name}.ts`), 'utf8');
    const { outputText } = ts.transpileModule(example, {
      compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
    });
    const printed: string[] = [];
    const console = { log: (...words: unknown[]) => printed.push(words.join(' ')) };
    const AsyncFunction = (async () => {}).constructor as FunctionConstructor;
    await expectNoLeak(() => new AsyncFunction('require', 'exports', 'console', outputText)(require, {}, console));
    expect(readme).toContain(`\`\`\`ts\n${example}\`\`\``);
    expect(readme).toContain(`\`\`\`text\n${printed.join('\n')}\n\`\`\``);
  },
);
