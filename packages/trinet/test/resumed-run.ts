// A run that can be killed at any moment: node --conditions=@tensor-papers/source --import tsx test/resumed-run.ts FOLDER
// Says `step` after each step, and leaves final.json in the folder.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { useEngine } from '@tensor-papers/engine';
import { checkpointFolder } from '@tensor-papers/tensor-core/train/node';
import { trainTriNet } from '../src/index.js';
import { blobs, netWeights, tinyRun } from './support.js';

const folder = process.argv[2]!;
await useEngine({ log: () => {} });
const { net, history } = await trainTriNet(
  tinyRun({
    trueLabels: blobs({ length: 48, seed: 4 }).labels,
    augment: [{ kind: 'shift', pixels: 1 }],
    checkpoint: { store: checkpointFolder(folder), everySteps: 2 },
    resume: 'auto',
    on: { step: () => void process.stdout.write('step\n'), warning: () => {} },
  }),
);
writeFileSync(join(folder, 'final.json'), JSON.stringify({ history, weights: netWeights(net) }));
