// What READMEs say of results: the claims table of every paper, from its paper.json and its committed result, and the table of papers
// of the root. `node scripts/claims-tables.mjs` writes them; the repository checks compare them.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readWorkspace } from '../tools/repository/workspace.mjs';
import { root } from './run.mjs';

/** Percentages have two decimals, other numbers three digits. */
const digits = (value, unit) =>
  unit === 'pp' || unit === '%' || value >= 100 ? value.toFixed(2) : String(Number(value.toPrecision(3)));
const signed = (value, unit) => `${value > 0 ? '+' : value < 0 ? '−' : ''}${digits(Math.abs(value), unit)}`;
const cell = (text) => String(text).replaceAll('|', '\\|').replaceAll('\n', ' ');

function markdownTable(head, rows) {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map(cell).join(' | ')} |`).join('\n');
}

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
  const origin = result
    ? `Computed from \`results/${result.paper}.json\`: preset ${result.preset}, ${result.seeds.length} seeds, engine ${result.engine.name} ${result.engine.version}.`
    : 'No committed result yet.';
  return `${markdownTable(head, rows)}\n\n${origin}`;
}

function papersTable(entries) {
  const rows = entries.map(({ name, description, result: { claims } }) => {
    const where = `packages/${name}/README.md#claims`;
    const own = claims.filter(({ repeats }) => !repeats);
    const found = [`[${own.length} claims](${where}): ${verdictCounts(own)}`];
    for (const on of new Set(claims.flatMap(({ repeats }) => repeats?.on ?? []))) {
      const repeated = claims.filter(({ repeats }) => repeats?.on === on);
      const which = repeated.length === own.length ? 'all' : `${repeated.length} of them`;
      found.push(`${which} again on ${on}: ${verdictCounts(repeated)}`);
    }
    const method = `${description} ([in words](docs/methods/${name}.md))`;
    return [`[${name}](packages/${name})`, method, found.join('; ')];
  });
  return markdownTable(['package', 'paper and method', 'what held here'], rows);
}

function verdictCounts(claims) {
  const count = (verdict) => claims.filter((claim) => claim.verdict === verdict).length;
  const verdicts = ['supported', 'contradicted', 'inconclusive'].filter((verdict) => count(verdict) > 0);
  return verdicts.map((verdict) => `${count(verdict)} ${verdict}`).join(', ');
}

/** A README with another text between its markers of a name. */
function between(repository, path, name, text) {
  const [start, end] = [`<!-- ${name}:start -->`, `<!-- ${name}:end -->`];
  const was = existsSync(join(repository, path)) ? readFileSync(join(repository, path), 'utf8') : '';
  const [from, to] = [was.indexOf(start), was.indexOf(end)];
  if (from < 0 || to < from) return { path, finding: `${path}: no markers ${start} … ${end} for the table of ${name}` };
  return { path, text: was, wanted: `${was.slice(0, from + start.length)}\n\n${text}\n\n${was.slice(to)}` };
}

function tables(repository, packages) {
  const read = (path) => (existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined);
  const entries = packages
    .filter(({ isPaper }) => isPaper)
    .map(({ name, folder, manifest }) => ({
      name,
      description: manifest.description,
      readme: `${folder}/README.md`,
      paper: read(join(repository, folder, 'paper.json')),
      result: read(join(repository, 'results', `${name}.json`)),
    }));
  return [
    between(repository, 'README.md', 'papers', papersTable(entries.filter(({ result }) => result))),
    ...entries.map(({ readme, paper, result }) => between(repository, readme, 'claims', claimsTable(paper, result))),
  ];
}

/** Findings about READMEs whose table is not what the committed results say. */
export function checkClaimsTables(repository, packages) {
  return tables(repository, packages).flatMap(({ path, text, wanted, finding }) => {
    if (finding) return [finding];
    return text === wanted
      ? []
      : [`${path}: a table of results is not current; run \`node scripts/claims-tables.mjs\``];
  });
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const { path, text, wanted, finding } of tables(root, readWorkspace(root))) {
    if (finding) {
      console.error(finding);
      process.exitCode = 1;
    } else if (text !== wanted) {
      writeFileSync(join(root, path), wanted);
      console.log(`${path}: table written`);
    }
  }
}
