import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { randomCodes } from '../../test/codes.js';
import {
  decodeCodeFile,
  encodeCodeFile,
  FileAccessError,
  FileCorruptError,
  FileFormatError,
  HashError,
} from '../index.js';
import { loadCodes } from '../node.js';

it('a file says by its error whether it is another file, a damaged one, or cannot be read', async () => {
  const bytes = encodeCodeFile({ codes: randomCodes(3, 40, 1) });
  const other = new TextEncoder().encode('a text of some length, which is no file of codes'.repeat(4));
  expect(() => decodeCodeFile(other)).toThrow(FileFormatError);
  expect(() => decodeCodeFile(bytes.slice(0, -1))).toThrow(FileCorruptError);
  const folder = mkdtempSync(join(tmpdir(), 'l2h-errors-'));
  try {
    const codeOf = (name: string) =>
      loadCodes(join(folder, name)).then(
        () => 'loaded',
        (error: unknown) => {
          expect(error).toBeInstanceOf(HashError);
          return (error as HashError).code;
        },
      );
    writeFileSync(join(folder, 'right'), bytes);
    writeFileSync(join(folder, 'other'), other);
    writeFileSync(join(folder, 'cut'), bytes.slice(0, -1));
    const names = ['right', 'other', 'cut', 'none'];
    const codes = ['loaded', 'l2h/file-format', 'l2h/file-corrupt', 'l2h/file-access'];
    expect(await Promise.all(names.map(codeOf))).toEqual(codes);
    await expect(loadCodes(join(folder, 'none'))).rejects.toBeInstanceOf(FileAccessError);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
