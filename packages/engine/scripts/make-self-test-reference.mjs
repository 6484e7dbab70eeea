// Writes src/self-test-reference.json: loss and gradients of the self-test's network, computed in float64 by plain loops.
// `node packages/engine/scripts/make-self-test-reference.mjs`
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const values = (size, phase, scale) =>
  Array.from({ length: size }, (_, i) => scale * Math.sin(1.7 * i * i + 2.3 * i + phase));
const [batch, height, width, channels, filters, classes] = [2, 6, 6, 2, 3, 4];
const x = values(batch * height * width * channels, 0.1, 1);
const filter = values(9 * channels * filters, 0.2, 0.5);
const bias = values(filters, 0.3, 0.2);
const dense = values(27 * classes, 0.4, 0.3);
const labels = [1, 3];

const xAt = (b, i, j, c) =>
  i < 0 || j < 0 || i >= height || j >= width ? 0 : x[((b * height + i) * width + j) * channels + c];

// Convolution (same), bias, ReLU.
const activation = new Float64Array(batch * height * width * filters);
for (let b = 0; b < batch; b++)
  for (let i = 0; i < height; i++)
    for (let j = 0; j < width; j++)
      for (let o = 0; o < filters; o++) {
        let sum = bias[o];
        for (let di = 0; di < 3; di++)
          for (let dj = 0; dj < 3; dj++)
            for (let c = 0; c < channels; c++)
              sum += xAt(b, i + di - 1, j + dj - 1, c) * filter[((di * 3 + dj) * channels + c) * filters + o];
        activation[((b * height + i) * width + j) * filters + o] = Math.max(0, sum);
      }

// Max pooling 2 × 2, first maximum.
const pooled = new Float64Array(batch * 27);
const winner = new Int32Array(batch * 27);
for (let b = 0; b < batch; b++)
  for (let i = 0; i < 3; i++)
    for (let j = 0; j < 3; j++)
      for (let o = 0; o < filters; o++) {
        let best = -Infinity;
        const out = ((b * 3 + i) * 3 + j) * filters + o;
        for (const [di, dj] of [
          [0, 0],
          [0, 1],
          [1, 0],
          [1, 1],
        ]) {
          const at = ((b * height + 2 * i + di) * width + 2 * j + dj) * filters + o;
          if (activation[at] > best) {
            best = activation[at];
            winner[out] = at;
          }
        }
        pooled[out] = best;
      }

// Dense layer, softmax cross-entropy (mean over the batch) and its gradients.
let loss = 0;
const denseGradient = new Float64Array(dense.length);
const pooledGradient = new Float64Array(pooled.length);
for (let b = 0; b < batch; b++) {
  const logits = Array.from({ length: classes }, (_, k) => {
    let sum = 0;
    for (let n = 0; n < 27; n++) sum += pooled[b * 27 + n] * dense[n * classes + k];
    return sum;
  });
  const top = Math.max(...logits);
  const total = logits.reduce((sum, z) => sum + Math.exp(z - top), 0);
  loss -= (logits[labels[b]] - top - Math.log(total)) / batch;
  logits.forEach((z, k) => {
    const delta = (Math.exp(z - top) / total - (k === labels[b] ? 1 : 0)) / batch;
    for (let n = 0; n < 27; n++) {
      denseGradient[n * classes + k] += pooled[b * 27 + n] * delta;
      pooledGradient[b * 27 + n] += dense[n * classes + k] * delta;
    }
  });
}

// Back through pooling and ReLU to filter, bias and input.
const filterGradient = new Float64Array(filter.length);
const biasGradient = new Float64Array(filters);
const inputGradient = new Float64Array(x.length);
pooledGradient.forEach((gradient, out) => {
  const at = winner[out];
  if (activation[at] <= 0) return;
  const o = at % filters;
  const j = Math.floor(at / filters) % width;
  const i = Math.floor(at / (filters * width)) % height;
  const b = Math.floor(at / (filters * width * height));
  biasGradient[o] += gradient;
  for (let di = 0; di < 3; di++)
    for (let dj = 0; dj < 3; dj++)
      for (let c = 0; c < channels; c++) {
        const [row, column] = [i + di - 1, j + dj - 1];
        if (row < 0 || column < 0 || row >= height || column >= width) continue;
        const weight = ((di * 3 + dj) * channels + c) * filters + o;
        filterGradient[weight] += gradient * xAt(b, row, column, c);
        inputGradient[((b * height + row) * width + column) * channels + c] += gradient * filter[weight];
      }
});

const round = (array) => Array.from(array, (value) => Number(value.toPrecision(10)));
const reference = {
  inputs: { x: round(x), filter: round(filter), bias: round(bias), dense: round(dense), labels },
  expected: {
    loss: Number(loss.toPrecision(10)),
    filter: round(filterGradient),
    bias: round(biasGradient),
    dense: round(denseGradient),
    x: round(inputGradient),
  },
};
const path = fileURLToPath(new URL('../src/self-test-reference.json', import.meta.url));
writeFileSync(path, `${JSON.stringify(reference)}\n`);
