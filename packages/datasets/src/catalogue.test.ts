import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { catalogue, fashionMnist, fetchDataSet, listDataSets } from './index.js';
import { defaultPlaces, sha256OfSet } from './recipes/fashion-mnist-sources.js';

const setSha256 = '5cf0562c46b89a77940b86f40a9a4325e7bed59d53ec555c4d14f0bed41ca53a';

describe('catalogue', () => {
  it('says of every set what it is, whose it is and where it comes from', () => {
    const fashion = [/^MIT, © 2017 Zalando SE$/, /arXiv:1708\.07747/];
    const cifar = [/^not stated by its authors$/, /Krizhevsky/];
    const expected = [
      ['fashion-mnist', 70_000, 30_878_551, ...fashion],
      ['fashion-mnist/subset', 8_000, 0, ...fashion],
      ['opencv-digits', 5_000, 95_715_012, /^Apache-2\.0/, /OpenCV/],
      ['cifar-10', 60_000, undefined, ...cifar],
      ['cifar-100', 60_000, undefined, ...cifar],
    ] as const;
    expect(catalogue).toEqual(
      expected.map(([id, images, bytes, licence, citation]) => ({
        ...{ id, images, bytes, title: expect.any(String), sources: expect.arrayContaining([expect.any(String)]) },
        ...{ licence: expect.stringMatching(licence), citation: expect.stringMatching(citation) },
      })),
    );
  });

  it('lists what lies on this machine', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'empty-'));
    const listed = listDataSets({ env: { TENSOR_PAPERS_CACHE: empty } });
    expect(listed.find(({ id }) => id === 'fashion-mnist/subset')?.fetched).toBe(true);
    expect(typeof listed.find(({ id }) => id === 'fashion-mnist')?.fetched).toBe('boolean');
    await rm(empty, { recursive: true });
  });

  it('knows the published set by one checksum', () => {
    expect(sha256OfSet(defaultPlaces)).toBe(setSha256);
  });

  it('names the nearest set for an unknown one', async () => {
    const unknown = fetchDataSet('fashon-mnist');
    await expect(unknown).rejects.toThrow(
      expect.objectContaining({ code: 'data/unknown-set', nearest: 'fashion-mnist' }),
    );
    await expect(fetchDataSet('fashon-mnist')).rejects.toThrow('did you mean fashion-mnist?');
    await expect(fetchDataSet('imagenet')).rejects.toThrow(expect.objectContaining({ nearest: undefined }));
  });
});

describe('the shipped subset', () => {
  const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

  it('is verified without a network', async () => {
    const fetched = await fetchDataSet('fashion-mnist/subset', { env: { PATH: '' } });
    expect(fetched).toMatchObject({ id: 'fashion-mnist/subset', source: 'shipped' });
    expect(fetched.files).toHaveLength(4);
  });

  it.each([
    ['train', 6000, 60_000, '3d2c5ddb405bb98102f1345629c5727db470d3847dd13a20d018767236783e59'],
    ['test', 2000, 10_000, 'de3dfd517577ff2449b2206cd3a72e1a3e597f384542757be4e7075ff3b0fcbf'],
  ] as const)('%s: %i class-balanced images of the published %i', async (split, count, published, pixels) => {
    const data = await fashionMnist({ split, variant: 'subset' });
    expect(data).toMatchObject({ length: count, shape: [28, 28, 1] });
    for (let label = 0; label < 10; label++) {
      expect(data.labels.filter((value) => value === label)).toHaveLength(count / 10);
    }
    expect(new Set(data.ids).size).toBe(count);
    for (const id of data.ids) {
      const [of, index] = id.split('/');
      expect(of).toBe(split);
      expect(Number(index)).toBeLessThan(published);
    }
    const all = await data.images(Int32Array.from({ length: count }, (_, i) => i));
    expect(sha256(all)).toBe(pixels);
    expect(data.source).toMatchObject({
      id: 'fashion-mnist/subset',
      sha256: '89bdf45ed0f1b31cef035591329b565ec7051010a54271cf87c81762143e3b8c',
    });
  });

  it('another split or variant is refused, with the nearest name', async () => {
    const wrong = { split: 'trian', variant: 'subset' } as unknown as Parameters<typeof fashionMnist>[0];
    await expect(fashionMnist(wrong)).rejects.toThrow(
      expect.objectContaining({ code: 'data/unknown-set', nearest: 'train' }),
    );
    const variant = { split: 'train', variant: 'half' } as unknown as Parameters<typeof fashionMnist>[0];
    await expect(fashionMnist(variant)).rejects.toThrow('expected full or subset, got half');
  });

  it('stops at a signal', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(fashionMnist({ split: 'train', variant: 'subset', signal })).rejects.toThrow('enough');
  });
});
