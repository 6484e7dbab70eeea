export {
  type BenchmarkDefinition,
  defineBenchmark,
  type EngineInfo,
  type FigureContext,
  type Preset,
  type SeedContext,
} from './benchmark/define.js';
export type { DataSource, SeedOutcome, Series } from './benchmark/outcome.js';
export { type PresetName, presetNames, presetsWithoutVerdict } from './benchmark/presets.js';
export {
  type Claim,
  type ClaimResult,
  claimKinds,
  claimResultSchema,
  claimSchema,
  type Verdict,
} from './claims/claim.js';
export { type ArmValues, judge, type RunFacts, seedEffects } from './claims/verdict.js';
export {
  BenchmarkContractError,
  FolderInUseError,
  MergeError,
  OutputError,
  PaperError,
  ResultFileError,
  SeedError,
  UsageError,
  WorkbenchError,
} from './errors.js';
export { type Bar, type BarsFigure, barsSchema, meanBar } from './figures/bars.js';
export type { Axis } from './figures/block.js';
export { type ConfusionFigure, confusionSchema } from './figures/confusion.js';
export { type CurveFigure, type CurveSeries, curveSchema, meanSeries, type SeedPoints } from './figures/curve.js';
export { type Figure, figureSchema } from './figures/figure.js';
export { type FormulaFigure, formulaSchema } from './figures/formula.js';
export { type GalleryFigure, gallerySchema } from './figures/gallery.js';
export { type ImageGridFigure, imageGridSchema } from './figures/image-grid.js';
export { differencesBySeed, seedsInWords } from './figures/over-seeds.js';
export { encodePng, pngDataUri } from './figures/png.js';
export { type ScatterFigure, scatterSchema } from './figures/scatter.js';
export { type TableFigure, tableSchema } from './figures/table.js';
export type { JsonValue } from './json.js';
export { nearestName } from './nearest-name.js';
export { readPaper } from './paper/find-papers.js';
export type { Paper } from './paper/paper.js';
export { type PeerRow, type Peers, peersSchema } from './peers/peers-file.js';
export { type Conformance, conformanceSchema } from './result/conformance.js';
export { readResult, writeResult } from './result/files.js';
export { makeFolder } from './result/make-folder.js';
export { type Result, resultJsonSchema, resultSchema } from './result/schema.js';
