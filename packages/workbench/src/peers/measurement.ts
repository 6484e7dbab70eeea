import { z } from 'zod';
import { describeIssues } from '../issues.js';
import type { PeerWork } from './declaration.js';
import { PeerRunError } from './errors.js';

const measurementSchema = z.object({
  peer: z.string().min(1),
  version: z.string().min(1),
  work: z.string(),
  unit: z.string(),
  median: z.number().positive(),
  threads: z.int().positive().nullable(),
  peakRssBytes: z.number().positive(),
});

/** What one run of one side measured. */
export type Measurement = z.infer<typeof measurementSchema>;

/**
 * The measurement in what a side printed: its last line that begins with `{`.
 *
 * @throws PeerRunError where there is none, or where it is of other work than was asked for
 */
export function parseMeasurement(side: string, stdout: string, asked: Pick<PeerWork, 'work' | 'unit' | 'threads'>) {
  const fail = (message: string): never => {
    throw new PeerRunError(`${asked.work}: ${side}: ${message}`);
  };
  const line = stdout.split('\n').findLast((each) => each.trimStart().startsWith('{'));
  if (line === undefined) return fail('printed no measurement; expected one line of JSON');
  let content: unknown;
  try {
    content = JSON.parse(line);
  } catch (error) {
    return fail(`printed what is no JSON (${(error as Error).message})`);
  }
  const parsed = measurementSchema.safeParse(content);
  if (!parsed.success) return fail(`printed a measurement that is not one: ${describeIssues(parsed.error)}`);
  const { work, unit, threads } = parsed.data;
  if (work !== asked.work) return fail(`measured ${work}`);
  if (unit !== asked.unit) return fail(`measured in ${unit}; expected ${asked.unit}`);
  if (threads !== null && threads !== asked.threads)
    return fail(`ran on ${threads} threads; expected ${asked.threads}`);
  return parsed.data;
}
