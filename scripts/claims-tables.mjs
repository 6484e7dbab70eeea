// The claims table of every paper's README, generated from its paper.json and its committed result.
// `node scripts/claims-tables.mjs` writes the tables; the repository checks compare them.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readWorkspace } from '../tools/repository/workspace.mjs';
import { root } from './run.mjs';

const start = '<!-- claims:start -->';
const end = '<!-- claims:end -->';

/** Percentages have two decimals, other numbers three digits. */
const digits = (value, unit) =>
  unit === 'pp' || unit === '%' || value >= 100 ? value.toFixed(2) : String(Number(value.toPrecision(3)));
const signed = (value, unit) => `${value > 0 ? '+' : value < 0 ? '−' : ''}${digits(Math.abs(value), unit)}`;
const cell = (text) => String(text).replaceAll('|', '\\|').replaceAll('\n', ' ');

function claimsTable(paper, result) {
  const rows = paper.claims.map((claim) => {
    const found = result?.claims.find(({ id }) => id === claim.id);
    const measured = found
      ? [
          found.effect === null ? '–' : `${signed(found.effect, claim.unit)} ${claim.unit}`.trimEnd(),
          found.ci95 ? found.ci95.map((end) => signed(end, claim.unit)).join(' … ') : '–',
          found.n,
          found.verdict ?? 'no verdict',
        ]
      : ['–', '–', 0, 'not run yet'];
    return [claim.id, claim.statement, ...measured, claim.published ?? '–'];
  });
  const head = ['', 'Claim', 'Effect', '95 % interval', 'Seeds', 'Verdict', 'Published'];
  const line = (cells) => `| ${cells.map(cell).join(' | ')} |`;
  const origin = result
    ? `Computed from \`results/${result.paper}.json\`: preset ${result.preset}, ${result.seeds.length} seeds, engine ${result.engine.name} ${result.engine.version}.`
    : 'No committed result yet.';
  return [line(head), line(head.map(() => '---')), ...rows.map(line), '', origin].join('\n');
}

function tables(repository, packages) {
  return packages
    .filter(({ isPaper }) => isPaper)
    .map(({ name, folder }) => {
      const path = `${folder}/README.md`;
      const text = existsSync(join(repository, path)) ? readFileSync(join(repository, path), 'utf8') : '';
      const [from, to] = [text.indexOf(start), text.indexOf(end)];
      if (from < 0 || to < from) return { path, finding: `${path}: no markers ${start} … ${end} for the claims table` };
      const paper = JSON.parse(readFileSync(join(repository, folder, 'paper.json'), 'utf8'));
      const resultPath = join(repository, 'results', `${name}.json`);
      const result = existsSync(resultPath) ? JSON.parse(readFileSync(resultPath, 'utf8')) : undefined;
      const wanted = `${text.slice(0, from + start.length)}\n\n${claimsTable(paper, result)}\n\n${text.slice(to)}`;
      return { path, text, wanted };
    });
}

/** Findings about READMEs whose claims table is not what the committed result says. */
export function checkClaimsTables(repository, packages) {
  return tables(repository, packages).flatMap(({ path, text, wanted, finding }) => {
    if (finding) return [finding];
    return text === wanted ? [] : [`${path}: the claims table is not current; run \`node scripts/claims-tables.mjs\``];
  });
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const { path, text, wanted, finding } of tables(root, readWorkspace(root))) {
    if (finding) {
      console.error(finding);
      process.exitCode = 1;
    } else if (text !== wanted) {
      writeFileSync(join(root, path), wanted);
      console.log(`${path}: claims table written`);
    }
  }
}
