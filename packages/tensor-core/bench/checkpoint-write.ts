// Times a checkpoint of 11 M parameters with Adam's slots: capture, file, and reading it back.
// node --conditions=@tensor-papers/source --import tsx bench/checkpoint-write.ts [FOLDER] [runs]
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useEngine } from '@tensor-papers/engine';
import * as tf from '@tensorflow/tfjs';
import {
  adam,
  captureCheckpoint,
  decodeCheckpoint,
  encodeCheckpoint,
  modelPart,
  optimizerPart,
} from '../src/train/index.js';
import { checkpointFolder } from '../src/train/node.js';

const [parent = tmpdir(), runs = '7'] = process.argv.slice(2);
const engine = await useEngine({ log: () => {} });
const folder = mkdtempSync(join(parent, 'checkpoint-write-'));

/** The shapes of ResNet-18: four stages of two blocks of 3×3 convolutions, each with its normalisation. */
const convolutions = [64, 128, 256, 512].flatMap((width, stage) => {
  const before = stage === 0 ? 64 : width / 2;
  const first = [
    [3, 3, before, width],
    [3, 3, width, width],
    [3, 3, width, width],
    [3, 3, width, width],
  ];
  return stage === 0 ? first : [...first, [1, 1, before, width]];
});
const shapes = [[7, 7, 3, 64], ...convolutions].flatMap((shape) => [
  shape,
  ...Array.from({ length: 4 }, () => [shape[3]!]),
]);
const variables = [...shapes, [512, 1000], [1000]].map((shape) => tf.variable(tf.randomNormal(shape)));
const model = { apply: () => tf.scalar(0), trainableWeights: variables, weights: variables };
const optimizer = adam({ learningRate: 1e-3 });
optimizer.apply(variables, {});
const parts = { model: modelPart(model), optimizer: optimizerPart(optimizer, model) };
const store = checkpointFolder(folder);
const times: number[][] = [];
for (let run = 0; run < Number(runs); run++) {
  const marks = [performance.now()];
  const checkpoint = await captureCheckpoint(parts);
  marks.push(performance.now());
  const bytes = await encodeCheckpoint(checkpoint);
  marks.push(performance.now());
  await store.write('last', bytes);
  marks.push(performance.now());
  await decodeCheckpoint((await store.read('last'))!);
  marks.push(performance.now());
  times.push([
    marks[1]! - marks[0]!,
    marks[2]! - marks[1]!,
    marks[3]! - marks[2]!,
    marks[3]! - marks[0]!,
    marks[4]! - marks[3]!,
  ]);
}
const median = (k: number) => Math.round(times.map((each) => each[k]!).sort((a, b) => a - b)[times.length >> 1]!);
console.log(
  JSON.stringify({
    engine: `${engine.name} ${engine.version}, ${engine.threads} threads`,
    parameters: variables.reduce((sum, variable) => sum + variable.size, 0),
    bytes: statSync(join(folder, 'last.safetensors')).size,
    captureMilliseconds: median(0),
    encodeMilliseconds: median(1),
    writeMilliseconds: median(2),
    savedMilliseconds: median(3),
    readMilliseconds: median(4),
  }),
);
rmSync(folder, { recursive: true });
