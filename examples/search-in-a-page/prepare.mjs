// Writes public/clothes.bin: 2,000 labels, then 2,000 pictures of 784 bytes.
import { mkdirSync, writeFileSync } from 'node:fs';
import { fashionMnist } from '@tensor-papers/datasets';

const images = await fashionMnist({ split: 'test', variant: 'subset' });
const pixels = await images.images([...images.labels.keys()]);
mkdirSync(new URL('public/', import.meta.url), { recursive: true });
writeFileSync(
  new URL('public/clothes.bin', import.meta.url),
  Buffer.concat([Uint8Array.from(images.labels), Uint8Array.from(pixels)]),
);
