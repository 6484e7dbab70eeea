import type { DataSet } from '@tensor-papers/numerics/data-set';
import { createMatrix, pca, pcaProject } from '@tensor-papers/numerics/linalg';
import type { Rng } from '@tensor-papers/numerics/random';
import { pngDataUri } from '@tensor-papers/workbench';
import * as tf from '@tensorflow/tfjs';
import { type EmbeddedImages, nearestRows } from '../src/index.js';
import type { Evaluation } from './evaluate.js';

/** A picture of a row of neighbours. */
export interface GalleryImage {
  readonly image: string;
  readonly title: string;
}

/** How many images stand in a row: the query and its neighbours. */
export const rowLength = 6;
const rows = 6;
const projectedClasses = 8;
const projectedPerClass = 20;

/** A test image in the plane of the first two principal components. */
export interface ProjectedImage {
  readonly x: number;
  readonly y: number;
  readonly group: string;
}

const channelsOf = ({ shape }: DataSet) => shape[2];

async function pictureOf(data: DataSet, index: number): Promise<string> {
  const [height, width] = data.shape;
  return pngDataUri(await data.images([index]), width, height, channelsOf(data));
}

const nameOf = (data: DataSet, index: number) => data.classNames[data.labels[index]!]!;

/**
 * Queries that the two arms answer differently, with the nearest images of each: first those that only `ours` answers rightly, then those
 * that only `other` does. One row a query and arm; drawn at random where there are many.
 */
export async function differingNeighbours(
  data: DataSet,
  ours: Evaluation,
  other: Evaluation,
  rng: Rng,
): Promise<{ readonly ours: GalleryImage[]; readonly other: GalleryImage[] }> {
  const order = Array.from(rng.permutation(data.length));
  const answered = (a: string, b: string) => order.filter((i) => ours.hits[i] === a && other.hits[i] === b);
  const queries = [...answered('1', '0').slice(0, rows / 2), ...answered('0', '1').slice(0, rows / 2)];
  const rowsOf = async (test: EmbeddedImages) => {
    const near = neighboursOf(test);
    const images: GalleryImage[] = [];
    for (const query of queries) {
      images.push({ image: await pictureOf(data, query), title: `query: ${nameOf(data, query)}` });
      for (const neighbour of near(query)) {
        const right = data.labels[neighbour] === data.labels[query];
        images.push({
          image: await pictureOf(data, neighbour),
          title: `${right ? 'right' : 'wrong'}: ${nameOf(data, neighbour)}`,
        });
      }
    }
    return images;
  };
  return { ours: await rowsOf(ours.test), other: await rowsOf(other.test) };
}

/** Of an image the nearest others, nearest first. */
function neighboursOf({ values, length, dimensions }: EmbeddedImages): (query: number) => Int32Array {
  const count = Math.min(rowLength, length) - 1;
  const rows = tf.tensor2d(values, [length, dimensions]);
  const { indices } = nearestRows(rows, { count });
  rows.dispose();
  return (query) => indices.subarray(query * count, (query + 1) * count);
}

/** Images of some test classes, projected to the two directions along which all test images vary most. */
export async function project(
  data: DataSet,
  { values, length, dimensions, labels }: EmbeddedImages,
): Promise<ProjectedImage[]> {
  const all = createMatrix(values, length, dimensions);
  const plane = await pcaProject(await pca(all, 2), all);
  const shown = new Set([...new Set(labels)].sort((a, b) => a - b).slice(0, projectedClasses));
  const counts = new Map<number, number>();
  return [...labels.keys()]
    .filter((i) => {
      const count = counts.get(labels[i]!) ?? 0;
      counts.set(labels[i]!, count + 1);
      return shown.has(labels[i]!) && count < projectedPerClass;
    })
    .map((i) => ({
      x: Number(plane.values[2 * i]!.toFixed(3)),
      y: Number(plane.values[2 * i + 1]!.toFixed(3)),
      group: nameOf(data, i),
    }));
}
