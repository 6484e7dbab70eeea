import { parseArgs } from 'node:util';
import { buildReport } from './build-report.js';
import { ReportInputError, ReportOutputError } from './errors.js';
import { FormulaError } from './parts/typeset.js';

const USAGE = `Writes the report: results to a static site. Prints the path of its first page.

  --results DIR   committed results, <paper>.json and, for a study,
                  <paper>.study.json                       (default: results)
  --demo DIR      results of a demo run                      (default: .results/quick)
  --papers DIR    packages with a paper.json                 (default: packages)
  --api DIR       the API reference, taken in where there is one;
                  docs:api makes it                        (default: .results/api)
  --out DIR       where the site is written                  (default: .results/report)
  --help          this text`;

function readFlags(): { results: string; demo: string; papers: string; api: string; out: string; help: boolean } {
  try {
    const { values } = parseArgs({
      options: {
        results: { type: 'string', default: 'results' },
        demo: { type: 'string', default: '.results/quick' },
        papers: { type: 'string', default: 'packages' },
        api: { type: 'string', default: '.results/api' },
        out: { type: 'string', default: '.results/report' },
        help: { type: 'boolean', default: false },
      },
    });
    return values;
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    process.exit(2);
  }
}

const { help, ...folders } = readFlags();
if (help) {
  console.log(USAGE);
} else {
  try {
    console.log(await buildReport(folders));
  } catch (error) {
    const expected =
      error instanceof ReportInputError || error instanceof ReportOutputError || error instanceof FormulaError;
    console.error(expected ? `report: ${error.message}` : error);
    process.exitCode = 1;
  }
}
