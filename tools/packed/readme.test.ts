import { expect, it } from '@jest/globals';
import { installedPackages, nodeProgram, readmeExamples, withoutEngine } from './readme.mjs';

const code = `import { useEngine } from '@tensor-papers/engine';
import { type A, a } from 'a';

await useEngine();
console.log(a as A);
`;
const readme = `# Sample

\`\`\`
npm i @tensor-papers/sample @tensorflow/tfjs
\`\`\`

\`\`\`ts
const notAnExample = 1;
\`\`\`

\`\`\`ts
${code}\`\`\`

\`\`\`text
1
2
\`\`\`

\`\`\`ts
console.log(3);
\`\`\`

prose

\`\`\`text
not what it prints
\`\`\`
`;

it('an example is a block of code that what it prints follows', () => {
  expect(readmeExamples(readme)).toEqual([{ code, output: '1\n2\n' }]);
});

it('the first npm line says what to install', () => {
  expect(installedPackages(readme)).toEqual(['@tensor-papers/sample', '@tensorflow/tfjs']);
  expect(installedPackages(`${readme}\nnpm install b\n`)).toEqual(['@tensor-papers/sample', '@tensorflow/tfjs', 'b']);
  expect(() => installedPackages('# Sample')).toThrow('no line `npm i …`');
});

it('without our engine an example loses two lines, and both must be there', () => {
  expect(withoutEngine(code)).toBe("import { type A, a } from 'a';\n\nconsole.log(a as A);\n");
  expect(withoutEngine('console.log(1);\n')).toBe('console.log(1);\n');
  expect(() => withoutEngine(code.replace('await useEngine()', 'await useEngine({})'))).toThrow('no call of useEngine');
});

it('a program for Node is JavaScript of its kind', () => {
  const esm = nodeProgram(code, 'esm');
  expect(esm).toContain("import { a } from 'a';\nawait useEngine();");
  expect(esm).not.toContain('async () =>');
  const cjs = nodeProgram(code, 'cjs');
  expect(cjs).toContain('require("a")');
  expect(() => new Function('require', 'exports', cjs)).not.toThrow();
});
