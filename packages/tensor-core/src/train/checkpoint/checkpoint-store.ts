/** Where checkpoints lie: a folder, a browser's storage, memory. */
export interface CheckpointStore {
  /** The bytes of that name, or null where there are none. */
  read(name: string): Promise<Uint8Array | null>;
  /**
   * Keeps bytes under a name. All or nothing: when it fails, or the process dies, what was there before is still there.
   *
   * @throws CheckpointWriteError
   */
  write(name: string, bytes: Uint8Array): Promise<void>;
}

/** Checkpoints in this process's memory, for tests and for short runs in a browser. */
export function memoryCheckpoints(): CheckpointStore {
  const files = new Map<string, Uint8Array>();
  return {
    read: async (name) => files.get(name)?.slice() ?? null,
    write: async (name, bytes) => void files.set(name, bytes.slice()),
  };
}
