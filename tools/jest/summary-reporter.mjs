import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Leaves the counts of a package's run in test-results/summary.json, where the root `test` command adds them up. */
export default class SummaryReporter {
  constructor(config) {
    this.rootDir = config.rootDir;
  }

  onRunComplete(_contexts, results) {
    const folder = join(this.rootDir, 'test-results');
    mkdirSync(folder, { recursive: true });
    const summary = {
      passed: results.numPassedTests,
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
      skipped: results.numPendingTests + results.numTodoTests,
    };
    writeFileSync(join(folder, 'summary.json'), `${JSON.stringify(summary)}\n`);
  }
}
