/** Bytes that can be read piece by piece: a file, a `Blob`, byte ranges of a URL. */
export interface ByteSource {
  /** How many there are. */
  readonly size: number;
  /** Exactly `length` bytes from `offset` on. Never asked for bytes behind the end. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/**
 * A `Blob`, such as a `File` that a user chose in a browser, as a source.
 *
 * @example
 * const file = await openSafetensors(blobSource(input.files[0]));
 */
export function blobSource(blob: Blob): ByteSource {
  return {
    size: blob.size,
    read: async (offset, length) => new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer()),
  };
}
