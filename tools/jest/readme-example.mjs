import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import ts from 'typescript';

const AsyncFunction = (async () => {}).constructor;

export async function readmeExample(folder, name, require) {
  const readme = readFileSync(join(folder, '..', 'README.md'), 'utf8');
  const example = readFileSync(join(folder, name), 'utf8');
  const { outputText } = ts.transpileModule(example, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  const printed = [];
  const log = (...values) =>
    printed.push(values.map((value) => (typeof value === 'string' ? value : inspect(value))).join(' '));
  await new AsyncFunction('require', 'exports', 'console', outputText)(require, {}, { log });
  return { readme, code: `\`\`\`ts\n${example}\`\`\``, output: `\`\`\`text\n${printed.join('\n')}\n\`\`\`` };
}
