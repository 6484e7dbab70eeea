import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataFormatError, DataUnavailableError, imageSet } from '@tensor-papers/datasets';
import type { DataSet } from '@tensor-papers/numerics/data-set';
import { readMatStruct } from './mat.js';
import { type EncodedPicture, type Rasterise, rasteriseInBrowser } from './rasterise.js';

/** Data sets that a user brings in a folder. */
export type FolderName = 'cub-200-2011' | 'cars-196' | 'sop' | 'in-shop';

/** An image as a list names it. */
interface Listed {
  readonly path: string;
  /** The class, as the list names it. */
  readonly className: string;
}

/** What the lists of a folder say. */
export interface Listing {
  readonly train: readonly Listed[];
  /** The queries, where the set has a gallery. */
  readonly test: readonly Listed[];
  readonly gallery: readonly Listed[] | null;
}

type ReadList = (file: string) => Promise<Buffer>;

interface Layout {
  /** Where images lie, in the order in which they are looked for. */
  readonly imageFolders: readonly string[];
  readonly citation: string;
  readonly list: (read: ReadList) => Promise<Listing>;
}

const linesOf = (bytes: Buffer) =>
  bytes
    .toString('utf8')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');

const wrongLine = (file: string, line: string, expected: string) =>
  new DataFormatError('data/wrong-label', `${file}: expected ${expected}, got '${line}'; copy the file again`);

/** Lines `number value`, as a map. */
function numbered(bytes: Buffer, file: string): Map<string, string> {
  return new Map(
    linesOf(bytes).map((line) => {
      const [id, value] = line.split(/\s+/);
      if (!id || !/^\d+$/.test(id) || value === undefined) throw wrongLine(file, line, 'a number and a value');
      return [id, value] as const;
    }),
  );
}

/** Classes 1–100 train, 101–200 test. */
const cub: Layout = {
  imageFolders: ['images'],
  citation: 'Wah et al., The Caltech-UCSD Birds-200-2011 Dataset, 2011',
  list: async (read) => {
    const images = numbered(await read('images.txt'), 'images.txt');
    const classes = numbered(await read('image_class_labels.txt'), 'image_class_labels.txt');
    const all = [...images].map(([id, path]) => {
      const label = classes.get(id);
      if (label === undefined) throw wrongLine('image_class_labels.txt', `no image ${id}`, 'a class for every image');
      return { path, className: label };
    });
    return byClass(all, 100);
  },
};

/** Classes 1–98 train, 99–196 test. */
const cars: Layout = {
  imageFolders: ['.'],
  citation: 'Krause et al., 3D Object Representations for Fine-Grained Categorization. 3dRR, 2013',
  list: async (read) => {
    const records = readMatStruct(await read('cars_annos.mat'), 'annotations', 'cars_annos.mat');
    const all = records.map(({ relative_im_path: path, class: label }, i) => {
      if (typeof path !== 'string' || typeof label !== 'object' || label.length !== 1) {
        throw wrongLine('cars_annos.mat', `entry ${i}`, 'relative_im_path and class in every entry');
      }
      return { path, className: String(label[0]) };
    });
    return byClass(all, 98);
  },
};

const byClass = (all: readonly Listed[], lastForTraining: number): Listing => ({
  train: all.filter(({ className }) => Number(className) <= lastForTraining),
  test: all.filter(({ className }) => Number(className) > lastForTraining),
  gallery: null,
});

/** `image_id class_id super_class_id path` under a head. */
const sop: Layout = {
  imageFolders: ['.'],
  citation: 'Song et al., Deep Metric Learning via Lifted Structured Feature Embedding. CVPR, 2016',
  list: async (read) => {
    const listOf = async (file: string) =>
      linesOf(await read(file))
        .slice(1)
        .map((line) => {
          const [, className, , path] = line.split(/\s+/);
          if (!className || !path) throw wrongLine(file, line, 'image_id, class_id, super_class_id and path');
          return { path, className };
        });
    return { train: await listOf('Ebay_train.txt'), test: await listOf('Ebay_test.txt'), gallery: null };
  },
};

/** A count and a head, then `name item_id train|query|gallery`. */
const inShop: Layout = {
  imageFolders: ['.', 'Img'],
  citation: 'Liu et al., DeepFashion: Powering Robust Clothes Recognition and Retrieval. CVPR, 2016',
  list: async (read) => {
    const file = 'list_eval_partition.txt';
    const [count, , ...lines] = linesOf(await read(file));
    const all = lines.map((line) => {
      const [path, className, part] = line.split(/\s+/);
      if (!path || !className || !['train', 'query', 'gallery'].includes(part ?? '')) {
        throw wrongLine(file, line, 'a path, an item and train, query or gallery');
      }
      return { path, className, part };
    });
    if (Number(count) !== all.length) throw wrongLine(file, String(count), `${all.length}, the number of lines below`);
    const of = (wanted: string) =>
      all.filter(({ part }) => part === wanted).map(({ path, className }) => ({ path, className }));
    return { train: of('train'), test: of('query'), gallery: of('gallery') };
  },
};

const layouts: Readonly<Record<FolderName, Layout>> = { 'cub-200-2011': cub, 'cars-196': cars, sop, 'in-shop': inShop };

/** Options of {@link loadFolder}. */
export interface FolderOptions {
  /** Of the images: the largest square in the middle, brought to this side. */
  readonly side: number;
  readonly signal?: AbortSignal;
  readonly log?: (line: string) => void;
  readonly rasterise?: Rasterise;
}

/**
 * CUB-200-2011, CARS-196, Stanford Online Products or In-shop Clothes from the user's own copy in `$TENSOR_PAPERS_DATA/<name>`, as
 * published, split by class as metric learning does. The images lie in memory, side × side × 3 bytes each.
 *
 * @throws DataUnavailableError where it is not; DataFormatError for another list; the signal's reason
 */
export async function loadFolder(
  name: FolderName,
  { side, signal, log = () => {}, rasterise = rasteriseInBrowser }: FolderOptions,
): Promise<{ readonly train: DataSet; readonly test: DataSet; readonly gallery: DataSet | null }> {
  const { imageFolders, list, citation } = layouts[name];
  const root = process.env.TENSOR_PAPERS_DATA;
  const missing = (reason: string) =>
    new DataUnavailableError(`${name}: expected your copy in $TENSOR_PAPERS_DATA/${name}: ${reason}`, []);
  if (root === undefined) throw missing('TENSOR_PAPERS_DATA is not set');
  const folder = join(root, name);
  const hash = createHash('sha256');
  const listing = await list(async (file) => {
    const path = [file, join('Eval', file), join('Anno', file)].find((each) => existsSync(join(folder, each)));
    if (path === undefined) throw missing(`there is no ${file}`);
    const bytes = await readFile(join(folder, path));
    hash.update(bytes);
    return bytes;
  });
  const sha256 = hash.digest('hex');
  const every = [...listing.train, ...listing.test, ...(listing.gallery ?? [])];
  const classNames = [...new Set(every.map(({ className }) => className))];
  const labelOf = new Map(classNames.map((className, label) => [className, label]));
  const imageFolder = imageFolders.find((each) => existsSync(join(folder, each, every[0]?.path ?? '')));
  if (every.length === 0 || imageFolder === undefined) throw missing(`there is no image ${every[0]?.path ?? ''}`);
  const load = async (part: string, images: readonly Listed[]): Promise<DataSet> => {
    log(`${name}: reads ${images.length} images, ${part}`);
    const pictureOf = async (i: number): Promise<EncodedPicture> => {
      const path = join(folder, imageFolder, images[i]!.path);
      const bytes = await readFile(path).catch((error: Error) => Promise.reject(missing(error.message)));
      return { type: /\.png$/i.test(path) ? 'image/png' : 'image/jpeg', bytes };
    };
    return imageSet({
      pixels: await rasterise(images.length, pictureOf, { side, fit: 'cover', signal }),
      labels: images.map(({ className }) => labelOf.get(className)!),
      ...{ shape: [side, side, 3], classNames, ids: images.map(({ path }) => path) },
      source: { id: name, sha256, licence: 'for research', citation },
    });
  };
  return {
    train: await load('train', listing.train),
    test: await load('test', listing.test),
    gallery: listing.gallery && (await load('gallery', listing.gallery)),
  };
}
