import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DataFormatError, DataUnavailableError } from '@tensor-papers/datasets';
import { type FolderName, loadFolder } from './folders.js';
import { readMatStruct } from './mat.js';
import type { Rasterise } from './rasterise.js';

let folder: string;
const before = process.env.TENSOR_PAPERS_DATA;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'triplet-folders-'));
  process.env.TENSOR_PAPERS_DATA = folder;
});
afterEach(() => {
  if (before === undefined) delete process.env.TENSOR_PAPERS_DATA;
  else process.env.TENSOR_PAPERS_DATA = before;
  rmSync(folder, { recursive: true });
});

function write(path: string, contents: string | Uint8Array): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), contents);
}

/** A picture of one colour: the first byte of its file. */
const flat: Rasterise = async (total, picture, { side }) => {
  const pixels = new Uint8Array(total * side * side * 3);
  for (let i = 0; i < total; i++) {
    const { bytes } = await picture(i);
    pixels.fill(bytes[0]!, i * side * side * 3, (i + 1) * side * side * 3);
  }
  return pixels;
};

const load = (name: FolderName) => loadFolder(name, { side: 2, rasterise: flat });

/** What a set holds: id, class and first byte of every image. */
async function contents(set: Awaited<ReturnType<typeof load>>['train'] | null) {
  if (set === null) return null;
  const pixels = (await set.images([...set.labels.keys()])) as Uint8Array;
  return set.ids.map((id, i) => [id, set.classNames[set.labels[i]!], pixels[12 * i]]);
}

/** An element of a MAT file of version 5. */
function element(type: number, data: Uint8Array): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32LE(type, 0);
  head.writeUInt32LE(data.length, 4);
  return Buffer.concat([head, data, Buffer.alloc((8 - (data.length % 8)) % 8)]);
}

const int32s = (...values: number[]) => new Uint8Array(Int32Array.from(values).buffer);

function array(arrayClass: number, shape: number[], name: string, ...rest: Buffer[]): Buffer {
  const head = [element(6, int32s(arrayClass, 0)), element(5, int32s(...shape)), element(1, Buffer.from(name))];
  return element(14, Buffer.concat([...head, ...rest]));
}

const text = (value: string) => array(4, [1, value.length], '', element(16, Buffer.from(value)));
const number = (value: number) => array(9, [1, 1], '', element(2, Uint8Array.of(value)));

/** A small element: type, length and up to four bytes in two words. */
function small(type: number, data: Uint8Array): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt16LE(type, 0);
  bytes.writeUInt16LE(data.length, 2);
  bytes.set(data, 4);
  return bytes;
}

function matFile(
  rows: readonly (readonly [path: string, label: number])[],
  { name = 'annotations', drop = 0 } = {},
): Buffer {
  const fields = Buffer.alloc(2 * 20);
  fields.write('relative_im_path', 0, 'latin1');
  fields.write('class', 20, 'latin1');
  const values = rows.flatMap(([path, label]) => [text(path), number(label)]);
  const parts = [small(5, int32s(20)), element(1, fields), ...values.slice(drop)];
  const packed = deflateSync(array(2, [1, rows.length], name, ...parts));
  const compressed = Buffer.alloc(8);
  compressed.writeUInt32LE(15, 0);
  compressed.writeUInt32LE(packed.length, 4);
  const header = Buffer.alloc(128, ' ');
  header.write('IM', 126, 'latin1');
  return Buffer.concat([header, compressed, packed]);
}

describe('folders of the user', () => {
  it('CUB-200-2011: the first hundred classes train', async () => {
    write('cub-200-2011/images.txt', '1 001.Albatross/a.jpg\n2 100.Pelican/b.jpg\n3 101.Pelican/c.png\n');
    write('cub-200-2011/image_class_labels.txt', '1 1\n2 100\n3 101\n');
    write('cub-200-2011/images/001.Albatross/a.jpg', 'a');
    write('cub-200-2011/images/100.Pelican/b.jpg', 'b');
    write('cub-200-2011/images/101.Pelican/c.png', 'c');
    const { train, test, gallery } = await load('cub-200-2011');
    expect(await contents(train)).toEqual([
      ['001.Albatross/a.jpg', '1', 97],
      ['100.Pelican/b.jpg', '100', 98],
    ]);
    expect(await contents(test)).toEqual([['101.Pelican/c.png', '101', 99]]);
    expect([gallery, train.shape, train.source.id]).toEqual([null, [2, 2, 3], 'cub-200-2011']);
    write('cub-200-2011/image_class_labels.txt', '1 1\n2 100\n');
    await expect(load('cub-200-2011')).rejects.toThrow(DataFormatError);
    write('cub-200-2011/images.txt', 'one 001.Albatross/a.jpg\n');
    await expect(load('cub-200-2011')).rejects.toThrow(/expected a number and a value/);
  });

  it('CARS-196: the first 98 classes train', async () => {
    write(
      'cars-196/cars_annos.mat',
      matFile([
        ['car_ims/1.jpg', 98],
        ['car_ims/2.jpg', 99],
      ]),
    );
    write('cars-196/car_ims/1.jpg', 'a');
    write('cars-196/car_ims/2.jpg', 'b');
    const { train, test } = await load('cars-196');
    expect([await contents(train), await contents(test)]).toEqual([
      [['car_ims/1.jpg', '98', 97]],
      [['car_ims/2.jpg', '99', 98]],
    ]);
  });

  it('Stanford Online Products: two lists', async () => {
    const head = 'image_id class_id super_class_id path\n';
    write('sop/Ebay_train.txt', `${head}1 7 1 bicycle/7_0.jpg\n`);
    write('sop/Ebay_test.txt', `${head}1 9 1 sofa/9_0.jpg\n2 9 1 sofa/9_1.jpg\n`);
    for (const path of ['bicycle/7_0.jpg', 'sofa/9_0.jpg', 'sofa/9_1.jpg']) write(`sop/${path}`, path);
    const { train, test } = await load('sop');
    expect(await contents(train)).toEqual([['bicycle/7_0.jpg', '7', 98]]);
    expect(await contents(test)).toEqual([
      ['sofa/9_0.jpg', '9', 115],
      ['sofa/9_1.jpg', '9', 115],
    ]);
    write('sop/Ebay_test.txt', `${head}1 9\n`);
    await expect(load('sop')).rejects.toThrow(/Ebay_test.txt: expected image_id/);
  });

  it('In-shop: queries are searched in a gallery', async () => {
    const list = (count: number) =>
      `${count}\nimage_name item_id evaluation_status\nimg/a.jpg id_1 train\nimg/b.jpg id_2 query\nimg/c.jpg id_2 gallery\n`;
    write('in-shop/Eval/list_eval_partition.txt', list(3));
    for (const name of ['a', 'b', 'c']) write(`in-shop/Img/img/${name}.jpg`, name);
    const { train, test, gallery } = await load('in-shop');
    expect([await contents(train), await contents(test), await contents(gallery)]).toEqual([
      [['img/a.jpg', 'id_1', 97]],
      [['img/b.jpg', 'id_2', 98]],
      [['img/c.jpg', 'id_2', 99]],
    ]);
    expect(test.labels).toEqual(gallery!.labels);
    write('in-shop/Eval/list_eval_partition.txt', list(4));
    await expect(load('in-shop')).rejects.toThrow(/expected 3, the number of lines below/);
  });

  it('says what is missing', async () => {
    await expect(load('sop')).rejects.toThrow(/no Ebay_train.txt/);
    write('sop/Ebay_train.txt', 'head\n1 7 1 a.jpg\n2 7 1 b.jpg');
    write('sop/Ebay_test.txt', 'head\n');
    await expect(load('sop')).rejects.toThrow(/no image a.jpg/);
    write('sop/a.jpg', 'a');
    await expect(load('sop')).rejects.toThrow(DataUnavailableError);
    delete process.env.TENSOR_PAPERS_DATA;
    await expect(load('sop')).rejects.toThrow(/TENSOR_PAPERS_DATA is not set/);
  });
});

describe('readMatStruct', () => {
  const file = matFile([['a', 1]]);

  it('reads texts and numbers', () => {
    expect(readMatStruct(file, 'annotations', 'x.mat')).toEqual([{ relative_im_path: 'a', class: [1] }]);
  });

  it.each<[string, Buffer, DataFormatError['code']]>([
    ['no MAT file', Buffer.from('JPEG'), 'data/wrong-magic'],
    ['a file that is cut off', file.subarray(0, file.length - 1), 'data/truncated'],
    [
      'damaged packing',
      Buffer.concat([file.subarray(0, 136), Buffer.alloc(file.length - 136, 1)]),
      'data/corrupt-gzip',
    ],
    ['another struct', matFile([['a', 1]], { name: 'other' }), 'data/unsupported-type'],
    ['a struct with too few values', matFile([['a', 1]], { drop: 1 }), 'data/truncated'],
  ])('%s is an error', (_, bytes, code) => {
    expect(() => readMatStruct(bytes, 'annotations', 'x.mat')).toThrow(expect.objectContaining({ code }));
  });
});
