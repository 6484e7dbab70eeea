import { createHash } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { temporaryPath } from '../cache.js';
import { ChecksumError } from '../errors.js';

/** Options of {@link downloadFile}. */
export interface DownloadOptions {
  /** The published size and checksum (hex). */
  readonly bytes: number;
  readonly sha256: string;
  readonly signal?: AbortSignal | undefined;
  /** How long the host may be silent, before the first byte and between two. */
  readonly silenceMilliseconds: number;
  readonly progress?: ((receivedBytes: number) => void) | undefined;
}

/** A host that does not answer, or answers with something else. */
export class DownloadError extends Error {
  override readonly name = 'DownloadError';
}

/**
 * Downloads `url` to `path`, which appears only when its checksum is right. Stops as soon as more bytes come than expected.
 *
 * @throws DownloadError, ChecksumError; the signal's reason
 */
export async function downloadFile(url: string, path: string, options: DownloadOptions): Promise<void> {
  const { bytes, sha256, signal, silenceMilliseconds, progress } = options;
  signal?.throwIfAborted();
  const silence = new AbortController();
  const giveUp = () => silence.abort(new DownloadError(`${url}: silent for ${silenceMilliseconds / 1000} s`));
  let timer = setTimeout(giveUp, silenceMilliseconds);
  const stop = signal ? AbortSignal.any([signal, silence.signal]) : silence.signal;
  const temporary = temporaryPath(path);
  try {
    const response = await fetch(url, { signal: stop });
    if (!response.ok || !response.body) {
      await response.body?.cancel();
      throw new DownloadError(`${url}: HTTP ${response.status} ${response.statusText}`.trimEnd());
    }
    const hash = createHash('sha256');
    let received = 0;
    const file = await open(temporary, 'wx');
    try {
      for await (const chunk of Readable.fromWeb(response.body as ReadableStream<Uint8Array>)) {
        clearTimeout(timer);
        timer = setTimeout(giveUp, silenceMilliseconds);
        received += chunk.length;
        if (received > bytes) throw new ChecksumError(`${url}: expected ${bytes} bytes, got more`);
        hash.update(chunk);
        await file.writeFile(chunk);
        progress?.(received);
      }
    } finally {
      await file.close();
    }
    const got = hash.digest('hex');
    if (received !== bytes || got !== sha256) {
      throw new ChecksumError(`${url}: expected ${bytes} bytes with sha256 ${sha256}, got ${received} with ${got}`);
    }
    await rename(temporary, path);
  } catch (error) {
    signal?.throwIfAborted();
    if (silence.signal.aborted) throw silence.signal.reason;
    if ((error as Error).name === 'TypeError') {
      const cause = ((error as Error).cause as Error | undefined)?.message || (error as Error).message;
      throw new DownloadError(`${url}: ${cause}`, { cause: error });
    }
    throw error;
  } finally {
    clearTimeout(timer);
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}
