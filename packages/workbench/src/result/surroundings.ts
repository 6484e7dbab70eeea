import { createRequire } from 'node:module';
import { availableParallelism, cpus, totalmem } from 'node:os';
import type { Surroundings } from './schema.js';

/** What a run in this process stands on besides its sources. */
export function surroundings(): Surroundings {
  const { version } = createRequire(import.meta.url)('@tensorflow/tfjs/package.json') as { version: string };
  return {
    tfjs: version,
    node: process.versions.node,
    machine: {
      platform: `${process.platform} ${process.arch}`,
      cpu: cpus()[0]?.model.trim() || 'unknown',
      cores: availableParallelism(),
      memoryBytes: totalmem(),
    },
  };
}
