export type ProvidedEngine = 'tensorflow' | 'wasm' | 'webgpu' | 'webgl' | 'cpu';

export interface ProvisionReport {
  engine: ProvidedEngine;
  source: 'linked' | 'cache' | 'wheel' | 'official' | 'forced' | 'none';
  /** The folder of tfjs-node, where the engine is tensorflow and was not forced by name alone. */
  tfjsNode?: string;
  folder?: string;
  /** Lines for a person: what is missing, what is used instead, what to do. Empty when all is well. */
  reasons: string[];
}

/** What to install on a platform: a wheel of PyPI, pinned by its sha256. */
export interface InstallPlan {
  distribution: string;
  version: string;
  tag: string;
  /** The name of the wheel's file. */
  wheel: string;
  sha256: string;
  libraries: string[];
  headers: string[];
  /** The folder's name in the cache. */
  key: string;
  /** Wheels that the library needs beside it, as lines of pip's requirements. */
  companions?: string[];
  /** Why the wheel cannot serve, where it is only listed. */
  unusable?: string;
}

/** Environment variables, such as `process.env`. Not the type of Node, which a project without `@types/node` lacks. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface StepContext {
  env: Environment;
  log: (line: string) => void;
}

/** The steps that reach outside; each throws an InstallError where it cannot be done. The first two return the files they leave. */
export interface InstallSteps {
  unpackWheel(plan: InstallPlan, folder: string, context: StepContext): Promise<string[]>;
  installCompanions?(plan: InstallPlan, folder: string, context: StepContext): Promise<string[]>;
  compileAddon(plan: InstallPlan, folder: string, context: StepContext & { tfjsNode: string }): Promise<string[]>;
  installOfficial(tfjsNode: string, context: StepContext): Promise<void>;
  /** `expected`: the integrity of tfjs-node's tarball; default the pinned one. */
  provideTfjsNode(from: string, context: StepContext & { expected?: string }): Promise<string>;
}

export interface ProvisionOptions {
  env?: Environment;
  log?: (line: string) => void;
  /** A project folder to look for tfjs-node in, besides this package's own surroundings; it is put there where it is missing. */
  from?: string;
  /** The folder of tfjs-node; null where there is none. Default: the one that is found. */
  tfjsNode?: string | null;
  /** Default: the plan of this platform; null where there is none. */
  plan?: InstallPlan | null;
  build?: InstallSteps;
  /** Checks every byte of the cached engine and builds it anew; an undamaged one stays until the new one is complete. */
  reinstall?: boolean;
}

export declare class InstallError extends Error {
  constructor(code: string, message: string, options?: { exitCode?: number; cause?: unknown });
  readonly code: string;
  readonly exitCode: number;
}

export declare const engineNames: readonly ProvidedEngine[];
export declare const installSteps: InstallSteps;
export declare const tensorflowVersion: string;
export declare function askedEngine(env: Environment): 'auto' | ProvidedEngine;
export declare function engineCache(env: Environment, platform?: string): string;
export declare function findDamage(folder: string, options?: { deep?: boolean }): Promise<string | undefined>;
export declare function findPackage(name: string, from?: string): string | undefined;
export declare function installPlan(platform?: string, arch?: string, env?: Environment): InstallPlan | undefined;
export declare function listedPlan(platform?: string, arch?: string, env?: Environment): InstallPlan | undefined;
export declare function provision(options?: ProvisionOptions): Promise<ProvisionReport>;
export declare function restoreTfjsNode(options?: {
  env?: Environment;
  from?: string;
  plan?: InstallPlan;
}): Promise<string | undefined>;
