import type { ClaimResult } from '@tensor-papers/workbench';
import type { PaperInfo } from './read-papers.js';
import type { ReportResult } from './report-result.js';

/** One paper with what was measured: the committed run and study, a demo, some of them or none. */
export interface PaperResults {
  paper: PaperInfo;
  standard?: ReportResult;
  study?: ReportResult;
  demo?: ReportResult;
}

/** The claims of a run; where there is no run, those that the paper's description declares, as not run. */
export function claimsOf({ paper, standard }: PaperResults, run: ReportResult | undefined = standard): ClaimResult[] {
  if (run) return run.claims;
  return paper.claims.map((claim) => ({ ...claim, effect: null, ci95: null, n: 0, verdict: null }));
}
