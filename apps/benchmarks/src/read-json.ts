import { readFileSync } from 'node:fs';
import { ReportInputError } from './errors.js';

/** @throws ReportInputError when the file cannot be read or is no JSON */
export function readJson(file: string, code: ReportInputError['code'], remake = 'running the paper'): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new ReportInputError(code, file, `cannot be read (${(error as Error).message})`);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    const what = text.trim() === '' ? 'is empty' : `is no JSON (${(error as Error).message})`;
    throw new ReportInputError(code, file, `${what}; make the file again by ${remake}`);
  }
}
