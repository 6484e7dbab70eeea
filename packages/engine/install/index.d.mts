export interface ProvisionReport {
  engine: 'tensorflow' | 'wasm' | 'webgpu' | 'webgl' | 'cpu';
  source: 'linked' | 'cache' | 'wheel' | 'official' | 'forced' | 'none';
  folder?: string;
  /** Lines for a person: what is missing, what is used instead, what to do. Empty when all is well. */
  reasons: string[];
}

export interface ProvisionOptions {
  env?: NodeJS.ProcessEnv;
  log?: (line: string) => void;
  /** A project folder to look for tfjs-node in, besides this package's own surroundings. */
  from?: string;
}

export declare class InstallError extends Error {
  readonly code: string;
  readonly exitCode: number;
}

export declare const engineNames: readonly ProvisionReport['engine'][];
export declare const tensorflowVersion: string;
export declare function engineCache(env: NodeJS.ProcessEnv, platform?: NodeJS.Platform): string;
export declare function findPackage(name: string, from?: string): string | undefined;
export declare function provision(options?: ProvisionOptions): Promise<ProvisionReport>;
