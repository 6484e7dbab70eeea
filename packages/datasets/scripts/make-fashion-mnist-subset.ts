// Makes data/fashion-mnist-subset from all of Fashion-MNIST: 600 training and 200 test images of each class. From packages/workbench:
// node --conditions=@tensor-papers/source --import tsx ../datasets/scripts/make-fashion-mnist-subset.ts
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { createRng } from '@tensor-papers/numerics/random';
import { classBalancedIndices } from '../src/class-balanced-indices.js';
import { packageData } from '../src/package-data.js';
import { fashionMnist } from '../src/recipes/fashion-mnist.js';

const seed = 20170825;
const perClass = { train: 600, test: 200 };
const fileName = { train: 'train', test: 't10k' };

/** An IDX file of bytes. */
function encodeIdx(shape: readonly number[], data: ArrayLike<number>): Buffer {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.set([0, 0, 0x08, shape.length]);
  shape.forEach((side, i) => {
    header.writeUInt32BE(side, 4 + 4 * i);
  });
  return Buffer.concat([header, Uint8Array.from(data)]);
}

const folder = packageData('fashion-mnist-subset');
mkdirSync(folder, { recursive: true });
const files: { name: string; bytes: number; sha256: string }[] = [];
for (const split of ['train', 'test'] as const) {
  const data = await fashionMnist({ split, variant: 'full', log: console.error });
  const chosen = classBalancedIndices(data.labels, perClass[split], createRng(seed).stream(split));
  writeFileSync(join(folder, `${fileName[split]}-indices.txt`), `${chosen.join('\n')}\n`);
  const [height, width] = data.shape;
  const contents = {
    [`${fileName[split]}-images-idx3-ubyte`]: encodeIdx([chosen.length, height, width], await data.images(chosen)),
    [`${fileName[split]}-labels-idx1-ubyte`]: encodeIdx(
      [chosen.length],
      Array.from(chosen, (index) => data.labels[index]!),
    ),
  };
  for (const [name, bytes] of Object.entries(contents)) {
    const compressed = gzipSync(bytes, { level: 9 });
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    writeFileSync(join(folder, `${name}.gz`), compressed);
    files.push({ name, bytes: bytes.length, sha256 });
    console.log(`${sha256}  ${name}  ${bytes.length} bytes, ${compressed.length} compressed`);
  }
}
writeFileSync(join(folder, 'manifest.json'), `${JSON.stringify({ seed, perClass, files }, null, 2)}\n`);
