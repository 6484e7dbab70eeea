import { type FileHandle, open } from 'node:fs/promises';
import type { ByteSource } from '../safetensors/byte-source.js';
import { onFile } from './atomic-file.js';

/** An open file as a source of bytes. */
export interface FileSource extends ByteSource {
  close(): Promise<void>;
}

async function readFrom(file: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(bytes, done, length - done, offset + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return bytes.subarray(0, done);
}

/** Opens a file; close it afterwards. @throws WeightsFileError */
export async function openFileSource(path: string): Promise<FileSource> {
  return onFile(path, 'read', async () => {
    const file = await open(path);
    try {
      const { size } = await file.stat();
      return {
        size,
        read: (offset, length) => onFile(path, 'read', () => readFrom(file, offset, length)),
        close: () => file.close(),
      };
    } catch (error) {
      await file.close();
      throw error;
    }
  });
}
