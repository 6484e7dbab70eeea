/** The table of how large packages and bundles may be. */
export const ceilings = 'tools/packed/ceilings.json';

/** The table with a new paper at its end: what the template has, and a little more. */
export function withCeilings(text, name) {
  const entry = `  "@tensor-papers/${name}": {
    "packed": 40000,
    "unpacked": 150000,
    "imports": { "smoothedCrossEntropy": 2500 },
    "runOnImport": 200
  }`;
  const table = `${text.trimEnd().replace(/\s*\}$/, '')},\n${entry}\n}\n`;
  JSON.parse(table);
  return table;
}
