import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { loadFashionMnist } from './fashion-mnist.js';
import type { PublishedFile } from './fashion-mnist-files.js';
import { fetchFashionMnist, type Places, sha256OfSet } from './fashion-mnist-sources.js';

// A stand-in of three and two images, and fake programs and hosts that deliver it: no test asks the net.

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const images = (count: number, start: number) => [
  ...[0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, 28, 0, 0, 0, 28],
  ...Array.from({ length: count * 784 }, (_, i) => (start + i) % 251),
];
const contents: Readonly<Record<string, Uint8Array>> = {
  'train-images-idx3-ubyte': Uint8Array.from(images(3, 0)),
  'train-labels-idx1-ubyte': Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 3, 9, 0, 4),
  't10k-images-idx3-ubyte': Uint8Array.from(images(2, 7)),
  't10k-labels-idx1-ubyte': Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 1, 1),
};
const compressed = Object.fromEntries(Object.entries(contents).map(([name, bytes]) => [name, gzipSync(bytes)]));
const files: PublishedFile[] = Object.entries(contents).map(([name, bytes]) => ({
  name,
  split: name.startsWith('train') ? 'train' : 'test',
  dimensions: name.includes('idx3') ? 3 : 1,
  compressed: { bytes: compressed[name]!.length, sha256: sha256(compressed[name]!) },
  contents: { bytes: bytes.length, sha256: sha256(bytes) },
}));

let folder: string;
let cache: string;
let env: Record<string, string>;
let places: Places;
let lines: string[];
let servers: Server[] = [];
let requests: string[];
const log = (line: string) => lines.push(line);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fashion-'));
  cache = join(folder, 'cache', 'data');
  // An empty PATH folder: apt-get and dpkg are not there unless a test writes them.
  await mkdir(join(folder, 'bin'));
  env = { PATH: join(folder, 'bin'), TENSOR_PAPERS_CACHE: join(folder, 'cache') };
  const installed = join(folder, 'installed');
  places = { files, installed, hosts: [], silenceMilliseconds: 1000, commandMilliseconds: 5000 };
  lines = [];
  requests = [];
});
afterEach(async () => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  servers = [];
  await rm(folder, { recursive: true, force: true });
});

/** The four files in a folder, compressed or plain. */
async function putFiles(target: string, plain = false) {
  await mkdir(target, { recursive: true });
  for (const { name } of files) {
    await writeFile(join(target, plain ? name : `${name}.gz`), plain ? contents[name]! : compressed[name]!);
  }
}

async function program(name: string, script: string) {
  const path = join(folder, 'bin', name);
  await writeFile(path, `#!/bin/sh\nPATH=/usr/bin:/bin\necho "${name} $*" >> "${folder}/commands"\n${script}\n`);
  await chmod(path, 0o755);
}

/** An apt-get and a dpkg that deliver the files; `script` runs first in apt-get. */
async function fakeDebian(script = '') {
  await putFiles(join(folder, 'tree', 'usr', 'share', 'datasets', 'fashion-mnist'));
  await program('apt-get', `${script}\necho package > dataset-fashion-mnist_1_all.deb`);
  await program('dpkg', `[ "$1 $2" = "-x dataset-fashion-mnist_1_all.deb" ] || exit 9\ncp -r "${folder}/tree/." "$3"`);
}
const commands = async () => (await readFile(join(folder, 'commands'), 'utf8')).trim().split('\n');

/** A host; `answer` may answer a request itself. */
async function host(answer: (name: string, response: ServerResponse) => boolean = () => false) {
  const server = createServer((request, response) => {
    const name = (request.url ?? '').slice(1).replace(/\.gz$/, '');
    requests.push(name);
    if (!answer(name, response)) response.end(compressed[name]);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push(server);
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

const inCache = async () => (await readdir(cache).catch((): string[] => [])).sort();
const fetchIt = (more: object = {}) => fetchFashionMnist({ env, log, ...more }, places);
const code = (expected: string) => expect.objectContaining({ code: expected });

describe('sources, in their order', () => {
  it('the user’s own folder, plain or compressed, comes first and is only read', async () => {
    env.TENSOR_PAPERS_DATA = join(folder, 'own');
    await putFiles(join(folder, 'own', 'fashion-mnist'), true);
    await putFiles(join(cache, 'fashion-mnist'));
    const fetched = await fetchIt();
    expect(fetched).toMatchObject({ source: 'user folder', folder: join(folder, 'own', 'fashion-mnist') });
    expect(fetched.sha256).toBe(sha256OfSet(places));
    await rm(join(folder, 'own', 'fashion-mnist', 't10k-labels-idx1-ubyte'));
    expect((await fetchIt()).source).toBe('cache');
    await writeFile(
      join(folder, 'own', 'fashion-mnist', 't10k-labels-idx1-ubyte.gz'),
      gzipSync(contents['t10k-labels-idx1-ubyte']!, { level: 1 }),
    );
    expect((await fetchIt()).source).toBe('user folder');
  });

  it('a wrong file of the user’s own is an error, not a reason to fetch', async () => {
    env.TENSOR_PAPERS_DATA = join(folder, 'own');
    await putFiles(join(folder, 'own', 'fashion-mnist'), true);
    await writeFile(
      join(folder, 'own', 'fashion-mnist', 't10k-labels-idx1-ubyte'),
      Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 1, 2),
    );
    await fakeDebian();
    await expect(fetchIt()).rejects.toThrow(code('data/wrong-checksum'));
    await expect(loadFashionMnist({ split: 'test', variant: 'full', env }, places)).rejects.toThrow(
      code('data/wrong-checksum'),
    );
    expect(existsSync(join(folder, 'commands'))).toBe(false);
  });

  it('the installed package is used where it lies', async () => {
    await putFiles(places.installed);
    await fakeDebian();
    expect(await fetchIt()).toMatchObject({ source: 'installed package', folder: places.installed });
    expect(await inCache()).toEqual([]);
    expect(existsSync(join(folder, 'commands'))).toBe(false);
  });

  it('the Debian package is downloaded and unpacked into the cache, and then found there', async () => {
    await fakeDebian();
    const fetched = await fetchIt();
    expect(fetched).toMatchObject({ source: 'Debian package', folder: join(cache, 'fashion-mnist') });
    expect(await inCache()).toEqual(['fashion-mnist']);
    expect((await readdir(fetched.folder)).sort()).toEqual(
      ['LICENCE.txt', ...files.map(({ name }) => `${name}.gz`)].sort(),
    );
    expect((await commands())[0]).toBe('apt-get download dataset-fashion-mnist');
    expect(await commands()).toHaveLength(2);
    expect((await fetchIt()).source).toBe('cache');
    expect(await commands()).toHaveLength(2);
    expect(lines.join('\n')).toMatch(/MIT.*Zalando.*cite.*1708\.07747/);
  });

  it('apt-get gets lists of its own where the system has none', async () => {
    await fakeDebian(
      'case "$1" in -o) ;; *) echo "E: Unable to locate package" >&2; exit 100;; esac\n[ "$9" = update ] && exit 100',
    );
    expect((await fetchIt()).source).toBe('Debian package');
    const said = await commands();
    expect(said.map((line) => line.split(' ').at(line.endsWith('update') ? -1 : -2))).toEqual(
      expect.arrayContaining(['update', 'download']),
    );
    expect(said[1]).toContain('Dir::State::Lists=');
    expect(lines.join('\n')).toContain('E: Unable to locate package');
    expect(await inCache()).toEqual(['fashion-mnist']);
  });

  it('the host is asked last, with progress', async () => {
    places = { ...places, hosts: [await host()] };
    const heard: string[] = [];
    const fetched = await fetchIt({
      progress: (p: { file: string; receivedBytes: number; totalBytes: number }) =>
        heard.push(`${p.file} ${p.receivedBytes}/${p.totalBytes}`),
    });
    expect(fetched.source).toBe('official host');
    expect(lines.join('\n')).toContain('apt-get is not installed');
    for (const {
      name,
      compressed: { bytes },
    } of files)
      expect(heard).toContain(`${name}.gz ${bytes}/${bytes}`);
    expect(await inCache()).toEqual(['fashion-mnist']);
  });
});

describe('what goes wrong', () => {
  it('nothing anywhere: every reason is said, and nothing is left', async () => {
    const gone = await host((_, response) => Boolean(response.writeHead(404).end()));
    places = { ...places, hosts: [gone, 'http://127.0.0.1:9/'] };
    const error = await fetchIt().catch((reason: unknown) => reason);
    expect(error).toEqual(expect.objectContaining({ code: 'data/unavailable', name: 'DataUnavailableError' }));
    expect((error as Error).message).toMatch(
      /apt-get is not installed[\s\S]*HTTP 404[\s\S]*127\.0\.0\.1:9[\s\S]*TENSOR_PAPERS_DATA/,
    );
    expect((error as { failed: unknown[] }).failed).toHaveLength(3);
    expect(await inCache()).toEqual([]);
  });

  it.each<[string, (name: string, response: ServerResponse) => boolean, RegExp]>([
    ['other bytes', (_, response) => Boolean(response.end('<html>sign in</html>')), /expected \d+ bytes with sha256/],
    [
      'too many bytes',
      (name, response) => Boolean(response.end(Buffer.concat([compressed[name]!, Buffer.alloc(1e6)]))),
      /got more/,
    ],
    [
      'a broken connection',
      (name, response) => {
        response.writeHead(200, { 'content-length': '1000000' });
        response.write(compressed[name]!.subarray(0, 5));
        setTimeout(() => response.destroy(), 20);
        return true;
      },
      /127\.0\.0\.1/,
    ],
    ['silence', () => true, /silent for 0\.2 s/],
    ['silence in between', (_, response) => response.write('x') || true, /silent for 0\.2 s/],
  ])('a host with %s: the next one is asked', async (_, answer, reason) => {
    const bad = await host(answer);
    const good = await host();
    places = { ...places, hosts: [bad, good], silenceMilliseconds: 200 };
    expect((await fetchIt()).source).toBe('official host');
    expect(lines.join('\n')).toMatch(reason);
    expect(await inCache()).toEqual(['fashion-mnist']);
  });

  it('a Debian package with other files is not used', async () => {
    await fakeDebian();
    await writeFile(join(folder, 'tree/usr/share/datasets/fashion-mnist/train-labels-idx1-ubyte.gz'), 'other');
    places = { ...places, hosts: [await host()] };
    expect((await fetchIt()).source).toBe('official host');
    expect(lines.join('\n')).toContain('train-labels-idx1-ubyte.gz of the Debian package: expected');
  });

  it.each([
    ['apt-get fails', 'echo "E: no network" >&2; exit 100', 'E: no network'],
    ['apt-get hangs', 'exec sleep 60', 'did not finish within'],
  ])('%s: the host is asked', async (_, script, said) => {
    await fakeDebian(script);
    places = { ...places, hosts: [await host()], commandMilliseconds: 300 };
    expect((await fetchIt()).source).toBe('official host');
    expect(lines.join('\n')).toContain(said);
  });

  it('a download that stopped goes on with the files that are whole', async () => {
    let broken = true;
    const third = files[2]!.name;
    const address = await host((name, response) => broken && name === third && Boolean(response.writeHead(503).end()));
    places = { ...places, hosts: [address] };
    await expect(fetchIt()).rejects.toThrow(code('data/unavailable'));
    expect(await inCache()).toEqual(['fashion-mnist.parts']);
    broken = false;
    requests = [];
    await fetchIt();
    expect(requests).toEqual([third, files[3]!.name]);
    expect(await inCache()).toEqual(['fashion-mnist']);
  });

  it('a part that was damaged meanwhile is fetched again', async () => {
    const address = await host((name, response) => name === files[3]!.name && Boolean(response.writeHead(503).end()));
    places = { ...places, hosts: [address] };
    await expect(fetchIt()).rejects.toThrow(code('data/unavailable'));
    await writeFile(join(cache, 'fashion-mnist.parts', files[0]!.compressed.sha256), 'damaged');
    places = { ...places, hosts: [await host()] };
    requests = [];
    await fetchIt();
    expect(requests).toEqual([files[0]!.name, files[3]!.name]);
  });

  it.each(['host', 'apt-get'])('an abort during %s ends at once and leaves nothing half-written', async (where) => {
    const controller = new AbortController();
    const stop = () => controller.abort(new Error('stopped by the user'));
    if (where === 'host')
      places = { ...places, hosts: [await host(() => Boolean(setTimeout(stop, 20)))], silenceMilliseconds: 30_000 };
    else {
      await fakeDebian('exec sleep 60');
      setTimeout(stop, 100);
    }
    const begun = performance.now();
    await expect(fetchIt({ signal: controller.signal })).rejects.toThrow('stopped by the user');
    expect(performance.now() - begun).toBeLessThan(4000);
    expect(await inCache()).toEqual([]);
    await expect(fetchIt({ signal: controller.signal })).rejects.toThrow('stopped by the user');
  });

  it('a damaged cache is replaced, by a fetch and by a load', async () => {
    await fakeDebian();
    const { folder: made } = await fetchIt();
    await writeFile(join(made, 'train-images-idx3-ubyte.gz'), compressed['train-images-idx3-ubyte']!.subarray(0, 100));
    expect((await fetchIt()).source).toBe('Debian package');
    await writeFile(join(made, 'train-images-idx3-ubyte.gz'), compressed['t10k-images-idx3-ubyte']!);
    const data = await loadFashionMnist({ split: 'train', variant: 'full', env, log }, places);
    expect(data.length).toBe(3);
    expect(lines.join('\n')).toMatch(
      /cache is damaged: .*ends too early[\s\S]*cache is damaged: .*expected the published contents/,
    );
    expect(await inCache()).toEqual(['fashion-mnist']);
  });

  it('two fetches at once both end well', async () => {
    await fakeDebian('sleep 0.1');
    const both = await Promise.all([fetchIt(), fetchIt()]);
    for (const { folder: made } of both) expect(made).toBe(join(cache, 'fashion-mnist'));
    expect(await inCache()).toEqual(['fashion-mnist']);
    expect((await fetchIt()).source).toBe('cache');
  });

  it('a cache that cannot be made is named', async () => {
    await writeFile(join(folder, 'cache'), 'a file');
    await fakeDebian();
    await expect(fetchIt()).rejects.toThrow(code('data/cache-not-writable'));
    await expect(fetchIt()).rejects.toThrow(/TENSOR_PAPERS_CACHE/);
  });
});

describe('loadFashionMnist, full', () => {
  it('fetches what is not there, then reads images, labels and ids', async () => {
    await fakeDebian();
    const train = await loadFashionMnist({ split: 'train', variant: 'full', env }, places);
    expect(train).toMatchObject({ length: 3, shape: [28, 28, 1], ids: ['train/0', 'train/1', 'train/2'] });
    expect(train.labels).toEqual(Int32Array.of(9, 0, 4));
    expect([...(await train.images([1]))]).toEqual([
      ...contents['train-images-idx3-ubyte']!.subarray(16 + 784, 16 + 2 * 784),
    ]);
    const test = await loadFashionMnist({ split: 'test', variant: 'full', env, cache: join(folder, 'cache') }, places);
    expect(test.ids).toEqual(['test/0', 'test/1']);
    expect(test.source).toEqual(train.source);
    expect(test.source).toMatchObject({ id: 'fashion-mnist', sha256: sha256OfSet(places) });
    expect(await commands()).toHaveLength(2);
  });
});
