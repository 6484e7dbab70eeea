import { resolve } from 'node:path';
import { assertWritableFile, resultText, writeResult } from '../result/files.js';
import { mergeFiles } from '../result/merge-files.js';

/** `papers merge FILE…`: result files or kept seeds of one run, made apart, as one result. */
export async function merge(
  files: readonly string[],
  { papers, json }: { papers: string; json: string },
): Promise<number> {
  if (json !== '-') assertWritableFile(resolve(json), '--json');
  const result = await mergeFiles(
    files.map((file) => resolve(file)),
    papers,
  );
  if (json === '-') process.stdout.write(resultText(result));
  else {
    writeResult(resolve(json), result);
    console.log(resolve(json));
  }
  return 0;
}
