import { WorkbenchError } from '../errors.js';
import { paperNames, readPaper } from '../paper/find-papers.js';
import { loadBenchmark } from '../paper/load-benchmark.js';
import { textTable } from './text-table.js';

/** `papers list`. */
export async function list(papers: string): Promise<number> {
  let code = 0;
  const rows = [['paper', 'year', 'claims', 'presets', 'title']];
  const names = paperNames(papers);
  if (names.length === 0) process.stderr.write(`no papers in ${papers}: expected folders that have a paper.json\n`);
  for (const name of names) {
    try {
      const { citation, claims } = readPaper(papers, name);
      const { presets } = await loadBenchmark(papers, name);
      const about = [
        String(citation.year),
        String(claims.filter(({ repeats }) => !repeats).length),
        Object.keys(presets).join(', '),
      ];
      rows.push([name, ...about, citation.title]);
    } catch (error) {
      if (!(error instanceof WorkbenchError)) throw error;
      process.stderr.write(`papers: ${error.message}\n`);
      code = 1;
    }
  }
  console.log(textTable(rows));
  return code;
}
