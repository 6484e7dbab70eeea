export { type DoctorReport, doctor, formatDoctor } from './doctor.js';
export { type EngineName, engineNames } from './engine-name.js';
export { EngineOptionError, EngineUnavailableError, SelfTestError } from './errors.js';
export { selfTest } from './self-test.js';
export { describeEngine, type EngineInfo, type UseEngineOptions, useEngine } from './use-engine.js';
