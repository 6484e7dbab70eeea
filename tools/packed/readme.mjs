import ts from 'typescript';

/** The examples of a README: each block of `ts` that a block of `text`, what it prints, follows. */
export function readmeExamples(markdown) {
  return [...markdown.matchAll(/^```ts\n((?:(?!^```).*\n)*?)```\n\s*^```text\n((?:(?!^```).*\n)*?)```$/gm)].map(
    ([, code, output]) => ({ code, output }),
  );
}

/** What the lines `npm i …` and `npm install …` of a README install, all of them together. */
export function installedPackages(markdown) {
  const lines = [...markdown.matchAll(/^npm (?:i|install) (.+)$/gm)].map(([, names]) => names);
  if (lines.length === 0) throw new Error('the README has no line `npm i …` that says what to install');
  return lines.flatMap((names) => names.trim().split(/\s+/));
}

const engineImport = /^import \{ useEngine \} from '@tensor-papers\/engine';\n/m;
const engineCall = /^await useEngine\(\);\n/m;

/** An example for TensorFlow.js alone: as it is, without the two lines that start our engine. */
export function withoutEngine(code) {
  if (!code.includes('@tensor-papers/engine')) return code;
  for (const [line, pattern] of Object.entries({ import: engineImport, call: engineCall })) {
    if (!pattern.test(code)) {
      throw new Error(`the README's example uses the engine, but has no ${line} of useEngine on a line of its own`);
    }
  }
  return code.replace(engineImport, '').replace(engineCall, '');
}

/** An example as a program for Node: `esm`, or `cjs`, where what is awaited at the top needs a function around it. */
export function nodeProgram(code, kind) {
  const module = kind === 'esm' ? ts.ModuleKind.ESNext : ts.ModuleKind.CommonJS;
  const { outputText } = ts.transpileModule(code, { compilerOptions: { module, target: ts.ScriptTarget.ES2022 } });
  if (kind === 'esm') return outputText;
  return `(async () => {\n${outputText}})().catch((error) => {\n  console.error(error);\n  process.exitCode = 1;\n});\n`;
}
