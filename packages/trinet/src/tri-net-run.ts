import type { RoundReport, TriNetWarning } from './round-report.js';
import type { TriNet } from './tri-net.js';

/** A trained net and how it came about. Owns the net until `dispose()`. */
export class TriNetRun {
  readonly net: TriNet;
  /** One report for every finished round; the first is that of the initialisation. */
  readonly history: readonly RoundReport[];
  /** Whether a signal ended the run early. */
  readonly aborted: boolean;

  constructor(net: TriNet, history: readonly RoundReport[], aborted: boolean) {
    this.net = net;
    this.history = history;
    this.aborted = aborted;
  }

  /** Those of all finished rounds. */
  get warnings(): readonly TriNetWarning[] {
    return this.history.flatMap(({ warnings }) => warnings);
  }

  /** Frees the net. A second call does nothing. */
  dispose(): void {
    this.net.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}
