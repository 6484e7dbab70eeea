import { type Figure, figureSchema, type Result } from '@tensor-papers/workbench';

const KINDS: ReadonlySet<string> = new Set(figureSchema.options.map(({ shape }) => shape.kind.value));

/** A figure of a kind that was added after this report: its text is shown, its data can be taken away. */
export interface UnknownFigure {
  kind: string;
  id: string;
  title: string;
  caption: string;
  alt: string;
}

export type ReportFigure = Figure | UnknownFigure;

/** A result as the report shows it: figures of unknown kinds are kept. */
export type ReportResult = Omit<Result, 'figures'> & { figures: ReportFigure[] };

/** Whether a block names a kind that cannot be drawn here. */
export function isUnknown(block: { kind: string }): block is UnknownFigure {
  return !KINDS.has(block.kind);
}
