import { existsSync } from 'node:fs';
import { z } from 'zod';
import { parseFile, readJsonFile, writeAtomically } from '../result/files.js';
import { surroundingsSchema } from '../result/schema.js';

const size = z.number().positive();

const rowFields = z.strictObject({
  work: z.string().min(1),
  what: z.string().min(1).describe('The work in words'),
  peer: z.string().min(1).describe('What one would run instead'),
  peerVersion: z.string().min(1),
  ours: size.describe('Median over the pairs'),
  theirs: size.describe('Median over the pairs'),
  unit: z.string().min(1),
  ratio: size.describe('Our time ÷ theirs: the median over the pairs'),
  ratioMin: size.describe('The smallest of a pair'),
  ratioMax: size.describe('The largest of a pair'),
  pairs: z.int().positive(),
  oursPeakRssBytes: size.describe('The largest resident memory that one of our processes had'),
  theirsPeakRssBytes: size,
  engine: z.strictObject({ name: z.string().min(1), version: z.string().min(1) }),
  threads: z.int().positive().describe('Of each side'),
  machine: surroundingsSchema.shape.machine.unwrap(),
});

export const peerRowSchema = rowFields.superRefine(({ ratio, ratioMin, ratioMax }, context) => {
  if (ratioMin > ratio || ratio > ratioMax) {
    context.addIssue({ code: 'custom', path: ['ratio'], message: 'expected ratioMin ≤ ratio ≤ ratioMax' });
  }
});

/** A piece of work, measured on both sides. */
export type PeerRow = z.infer<typeof peerRowSchema>;

/** `results/peers.json`. */
export const peersSchema = z
  .strictObject({ schema: z.literal(1).describe('Version of this schema'), rows: z.array(peerRowSchema) })
  .superRefine(({ rows }, context) => {
    for (const [index, { work }] of rows.entries()) {
      if (rows.findIndex((other) => other.work === work) === index) continue;
      context.addIssue({ code: 'custom', path: ['rows', index, 'work'], message: `${work} is there twice` });
    }
  });

export type Peers = z.infer<typeof peersSchema>;

/** Reads a file of comparisons; one that is not there has none. @throws ResultFileError naming the file and the field */
export function readPeersFile(file: string): Peers {
  return existsSync(file) ? parseFile(file, readJsonFile(file), peersSchema) : { schema: 1, rows: [] };
}

/** New rows take the place of those of the same work; the others stay as they are. Sorted by work. */
export function mergePeerRows(old: readonly PeerRow[], made: readonly PeerRow[]): PeerRow[] {
  const kept = old.filter(({ work }) => !made.some((row) => row.work === work));
  return [...kept, ...made].sort((a, b) => (a.work < b.work ? -1 : 1));
}

/** Puts rows into a file of comparisons. @throws ResultFileError, OutputError */
export function addToPeersFile(file: string, made: readonly PeerRow[]): void {
  const peers = parseFile(
    'the comparison of this run',
    { schema: 1, rows: mergePeerRows(readPeersFile(file).rows, made) },
    peersSchema,
  );
  writeAtomically(file, `${JSON.stringify(peers, null, 1)}\n`);
}
