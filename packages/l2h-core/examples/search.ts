import { fashionMnist } from '@tensor-papers/datasets';
import { FlatIndex, Itq } from '@tensor-papers/l2h-core';
import { loadCodes, saveCodes } from '@tensor-papers/l2h-core/node';
import { createMatrix } from '@tensor-papers/numerics/linalg';

const images = await fashionMnist({ split: 'test', variant: 'subset' });
const pixels = await images.images(Array.from(images.labels.keys()));
const vectors = createMatrix(Float32Array.from(pixels), images.length);

const hasher = new Itq({ bits: 64 });
await hasher.fit(vectors, { seed: 1 });
await saveCodes('codes.l2h', { codes: await hasher.encode(vectors), model: hasher });

const { codes, model } = await loadCodes('codes.l2h');
const index = new FlatIndex({ bits: 64 });
if ('words' in codes) index.add(codes);
const query = createMatrix(vectors.values.slice(0, 784), 1);
const queryCodes = await model!.encode(query);
if ('words' in queryCodes) {
  const { ids, distances } = index.search(queryCodes, 5);
  ids.forEach((id, i) => {
    console.log(`${distances[i]} bits away: ${images.classNames[images.labels[id]!]}`);
  });
}
