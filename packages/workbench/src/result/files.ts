import { accessSync, constants, existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { z } from 'zod';
import { OutputError, ResultFileError } from '../errors.js';
import { describeIssues } from '../issues.js';
import { makeFolder } from './make-folder.js';
import { type Result, resultSchema } from './schema.js';
import { removeTemporaries, temporaryName } from './temporary-files.js';

/** @throws OutputError saying which path and why */
export function assertWritableFolder(folder: string, option: string): void {
  try {
    makeFolder(folder);
    removeTemporaries(folder, 'probe');
    const probe = join(folder, temporaryName('probe'));
    writeFileSync(probe, '');
    rmSync(probe);
  } catch (error) {
    throw cannotWrite(folder, option, error);
  }
}

/** Checks that a file can be made or replaced. @throws OutputError */
export function assertWritableFile(file: string, option: string): void {
  assertWritableFolder(dirname(file), option);
  if (!existsSync(file)) return;
  if (statSync(file).isDirectory()) throw new OutputError(`${option}: ${file} is a folder; name a file`);
  try {
    accessSync(file, constants.W_OK);
  } catch (error) {
    throw cannotWrite(file, option, error);
  }
}

const noRoom = ['ENOSPC', 'EDQUOT', 'EFBIG'];

function cannotWrite(path: string, option: string, error: unknown): OutputError {
  const { code, message } = error as NodeJS.ErrnoException;
  const advice = noRoom.includes(code ?? '') ? 'make room there, or name another place' : 'name another place';
  return new OutputError(`${option}: ${path} cannot be written (${code ?? message}); ${advice}`, { cause: error });
}

/**
 * Writes a file so that a reader sees the old contents or the new, never a half; what killed processes left of earlier tries goes.
 *
 * @throws OutputError
 */
export function writeAtomically(file: string, text: string): void {
  const temporary = join(dirname(file), temporaryName(basename(file)));
  try {
    makeFolder(dirname(file));
    removeTemporaries(dirname(file), `${basename(file)}.`);
    // Without the flush a power cut can leave the name with nothing behind it.
    writeFileSync(temporary, text, { flush: true });
    renameSync(temporary, file);
  } catch (error) {
    removeIfThere(temporary);
    throw cannotWrite(file, 'output', error);
  }
}

/** `force` alone still throws where the folder is none. */
function removeIfThere(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // The error that led here says more.
  }
}

/** A result as text: what `writeResult` puts into the file. @throws ResultFileError when it does not follow the schema */
export function resultText(result: Result): string {
  return `${JSON.stringify(parseFile('the result of this run', result, resultSchema), null, 1)}\n`;
}

/** Writes a result after checking it. @throws ResultFileError, OutputError */
export function writeResult(file: string, result: Result): void {
  writeAtomically(file, resultText(result));
}

/** Reads a result file. @throws ResultFileError naming the file and the field */
export function readResult(file: string): Result {
  return parseFile(file, readJsonFile(file), resultSchema);
}

/** @throws ResultFileError */
export function readJsonFile(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new ResultFileError(`${file}: cannot be read (${(error as Error).message})`, { cause: error });
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    const what = text.trim() === '' ? 'is empty' : `is no JSON (${(error as Error).message})`;
    throw new ResultFileError(`${file}: ${what}; make it again by running the paper`, { cause: error });
  }
}

/** @throws ResultFileError naming the file and the field */
export function parseFile<Value>(file: string, content: unknown, schema: z.ZodType<Value>): Value {
  const parsed = schema.safeParse(content);
  if (parsed.success) return parsed.data;
  throw new ResultFileError(`${file}: ${describeIssues(parsed.error)}`);
}
