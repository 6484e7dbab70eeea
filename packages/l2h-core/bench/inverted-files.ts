// What inverted files find on Fashion-MNIST, as the table of the README: 64 principal directions of 60,000 images, 1,000 queries, 8 bytes.
// node --conditions=@tensor-papers/source --import tsx bench/inverted-files.ts [lists]
import { useEngine } from '@tensor-papers/engine';
import { createMatrix, type Matrix, pca, pcaProject } from '@tensor-papers/numerics/linalg';
import { createRng } from '@tensor-papers/numerics/random';
import { tensorOperations } from '@tensor-papers/tensor-core/linalg';
import { FlatIndex, Itq, IvfBinaryIndex, IvfPQIndex, PQIndex, ProductQuantizer } from '../src/index.js';
import { standard } from './config.js';
import { drawSplits } from './splits.js';
import { trueNeighbors } from './true-neighbors.js';

const k = 10;
const lists = Number(process.argv[2] ?? 256);
await useEngine({ log: () => {} });
const operations = tensorOperations();
const learning = { seed: 1, operations };
const splits = await drawSplits(standard, createRng(1), new AbortController().signal);
const model = await pca(splits.database.vectors, 64, { operations });
const projected = async (rows: Matrix) => {
  const { values } = await pcaProject(model, rows, { operations });
  return createMatrix(Float32Array.from(values), rows.rows);
};
const [database, queries] = [await projected(splits.database.vectors), await projected(splits.queries.vectors)];
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

const nearest = await trueNeighbors(queries, database, k, operations);
const found = (ids: Float64Array) => {
  let hits = 0;
  for (let i = 0; i < ids.length; i++) if (nearest[Math.floor(i / k)]!.includes(ids[i]!)) hits++;
  return percent(hits / ids.length);
};
const quantizer = () => new ProductQuantizer({ parts: 8 });
const plain = quantizer();
await plain.fit(database, learning);
const exhaustive = new PQIndex(plain);
exhaustive.add(await plain.encode(database, { operations }));
console.log(`PQIndex, all codes compared: ${found((await exhaustive.search(queries, k)).ids)} found`);
const pq = new IvfPQIndex({ quantizer: quantizer(), lists });
await pq.fit(database, learning);
await pq.add(database);

const hasher = new Itq({ bits: 64 });
await hasher.fit(database, learning);
const [codes, asked] = [await hasher.encode(database, { operations }), await hasher.encode(queries, { operations })];
const flat = new FlatIndex({ bits: 64 });
flat.add(codes);
const { distances: best } = flat.search(asked, k);
const asNear = (distances: Int32Array) => {
  let hits = 0;
  for (let i = 0; i < distances.length; i++) {
    if (distances[i]! >= 0 && distances[i]! <= best[Math.floor(i / k) * k + k - 1]!) hits++;
  }
  return percent(hits / distances.length);
};
const binary = new IvfBinaryIndex({ bits: 64, lists });
await binary.fit(codes, { seed: 1 });
binary.add(codes);

console.log(
  '| `probes` | PQ, residuals: compared | found | Binary: compared | found |\n| --- | --- | --- | --- | --- |',
);
for (const probes of [1, 4, 8, 32, lists]) {
  const { ids } = await pq.search(queries, k, { probes });
  const { distances } = binary.search(asked, k, { probes });
  const compared = [pq, binary].map((index) => percent(index.stats().distances / queries.rows / database.rows));
  console.log(`| ${probes} | ${compared[0]} | ${found(ids)} | ${compared[1]} | ${asNear(distances)} |`);
}
