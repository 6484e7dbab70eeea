export type { CaseResult, ConformanceCase, Outcome } from './conformance/case.js';
export { runCase } from './conformance/run.js';
export {
  type ConformanceTable,
  conformanceJson,
  conformanceTable,
  type EngineRun,
  formatConformance,
  isConformant,
} from './conformance/table.js';
export { type DoctorReport, doctor, formatDoctor } from './doctor.js';
export { type EngineChanges, engineChanges } from './engine-changes.js';
export { type EngineName, engineNames } from './engine-name.js';
export { EngineOptionError, EngineUnavailableError, KernelInputError, SelfTestError } from './errors.js';
export { formatProfile, type KernelCost, type Profile, profile } from './profile.js';
export { selfTest } from './self-test.js';
export { describeEngine, type EngineInfo, type UseEngineOptions, useEngine } from './use-engine.js';
