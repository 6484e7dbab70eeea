import { FlatIndex, Itq } from '@tensor-papers/l2h-core';
import { createMatrix, rowRange } from '@tensor-papers/numerics/linalg';

const count = 2000;
const names = 'T-shirt,Trouser,Pullover,Dress,Coat,Sandal,Shirt,Sneaker,Bag,Ankle boot'.split(',');
const bytes = new Uint8Array(await (await fetch('clothes.bin')).arrayBuffer());
const [labels, pixels] = [bytes.subarray(0, count), bytes.subarray(count)];
const status = document.querySelector('#status');

const vectors = createMatrix(Float32Array.from(pixels), count);
const hasher = new Itq({ bits: 64 });
const { rows } = await hasher.fit(vectors, {
  seed: 1,
  progress: (share) => {
    status.textContent = `Learning … ${Math.round(100 * share)} %`;
  },
});
const index = new FlatIndex({ bits: 64 });
index.add(await hasher.encode(vectors));
status.textContent = `Learnt from ${rows} pictures.`;

for (let i = 0; i < 30; i++) {
  const button = document.createElement('button');
  button.ariaLabel = `${names[labels[i]]}, picture ${i}`;
  button.append(drawn(i));
  button.addEventListener('click', () => showLike(i));
  document.querySelector('#gallery').append(button);
}

async function showLike(picture) {
  const query = await hasher.encode(rowRange(vectors, picture, picture + 1));
  const start = performance.now();
  const { ids, distances } = index.search(query, 11);
  const took = performance.now() - start;
  document.querySelector('#found').replaceChildren(
    ...[...ids].map((id, i) => {
      const figure = document.createElement('figure');
      const caption = document.createElement('figcaption');
      caption.textContent = `${names[labels[id]]}, ${distances[i]} bits`;
      figure.append(drawn(id), caption);
      return figure;
    }),
  );
  status.textContent = `${count} codes in ${took.toFixed(2)} ms`;
}

function drawn(picture) {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 28;
  const image = new ImageData(28, 28);
  for (let p = 0; p < 784; p++) {
    const value = pixels[784 * picture + p];
    image.data.set([value, value, value, 255], 4 * p);
  }
  canvas.getContext('2d').putImageData(image, 0, 0);
  return canvas;
}
