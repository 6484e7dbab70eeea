const sibling = /^import .* from '(@tensor-papers\/[^']+)';$/;

const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/** Puts neighbouring imports of siblings in the formatter's order: where the package itself stands among them depends on its name. */
export function sortImports(text) {
  const sorted = [];
  let run = [];
  for (const line of [...text.split('\n'), undefined]) {
    const source = line === undefined ? undefined : sibling.exec(line)?.[1];
    if (source !== undefined) {
      run.push({ source, line });
      continue;
    }
    sorted.push(...run.sort((a, b) => compare(a.source, b.source)).map((each) => each.line));
    run = [];
    if (line !== undefined) sorted.push(line);
  }
  return sorted.join('\n');
}
