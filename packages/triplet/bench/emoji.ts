import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import {
  ChecksumError,
  cacheRoot,
  DataUnavailableError,
  type FetchOptions,
  imageSet,
  type Recipe,
} from '@tensor-papers/datasets';
import type { DataSet } from '@tensor-papers/numerics/data-set';
import {
  type Design,
  type EmojiClass,
  emojiClasses,
  emojiNames,
  type Icon,
  type IconSet,
  iconOf,
} from './emoji-classes.js';
import { averagePairs, firstOfEachPicture } from './emoji-pixels.js';
import { type EncodedPicture, type Rasterise, rasteriseInBrowser } from './rasterise.js';

const run = promisify(execFile);

/** Side of the pictures in the cache; the data set has half of it. */
const renderedSide = 64;
const fewestDesigns = 4;

interface Source {
  readonly design: string;
  readonly package: string;
  readonly version: string;
  /** Of the archive in the registry. */
  readonly sha256: string;
  readonly licence: string;
}

/** Free designs, as npm packages deliver them. */
const sources: readonly Source[] = [
  {
    design: 'noto',
    package: '@iconify-json/noto',
    version: '1.2.9',
    sha256: '3e918d88fc945c0bb3d468dbace6f88caef67f01c9f0e7bcae0915a042e8f1ad',
    licence: 'Apache-2.0',
  },
  {
    design: 'twemoji',
    package: '@iconify-json/twemoji',
    version: '1.2.5',
    sha256: '19046dff7d8707ce96212ec86468b36ac5f8e60409629dd13f809265c6d0ebb7',
    licence: 'CC-BY-4.0',
  },
  {
    design: 'openmoji',
    package: '@iconify-json/openmoji',
    version: '1.2.29',
    sha256: '03181e2c156cab35cf4a62f1f7886bd971d59212e75ac3f189d5a4cae3930fc5',
    licence: 'CC-BY-SA-4.0',
  },
  {
    design: 'fluent-3d',
    package: '@lobehub/fluent-emoji-3d',
    version: '1.1.0',
    sha256: 'c1bb7eee7de090205a232518a9ab4adb3df458bfbe8a1f78232991194c8b2e58',
    licence: 'MIT',
  },
  {
    design: 'noto-v1',
    package: '@iconify-json/noto-v1',
    version: '1.2.5',
    sha256: '2bf62c26c2c2884aa99e90aec942cdaee17a5921f05690694f4978ad4b017c37',
    licence: 'Apache-2.0',
  },
  {
    design: 'emojione',
    package: '@iconify-json/emojione',
    version: '1.2.3',
    sha256: '26a14f44284407e8bcde91799388dca2bfd91dbcd55a97f425524a1c5b73610e',
    licence: 'CC-BY-4.0',
  },
  {
    design: 'fxemoji',
    package: '@iconify-json/fxemoji',
    version: '1.2.2',
    sha256: 'f3e72b3c59d05e1db03b7e308d55c0d05bd7ba3f625a90da1b79313c12858eef',
    licence: 'Apache-2.0',
  },
];

const licence = [...new Set(sources.map(({ licence: each }) => each))].join(', ');
const citation = `Emoji of ${sources.length} designs: ${sources.map((each) => `${each.package} ${each.version} (${each.licence})`).join(', ')}`;

/** Options of {@link emoji}. */
export interface EmojiOptions extends Pick<FetchOptions, 'env' | 'log' | 'signal'> {
  readonly rasterise?: Rasterise;
}

/** What the cache says of its pictures. */
interface Index {
  readonly sha256: string;
  readonly classes: readonly { readonly name: string; readonly category: string }[];
  /** Class and design of each picture. */
  readonly pictures: readonly (readonly [label: number, design: string])[];
}

/** Pictures of emoji with the category of each class. */
export interface EmojiSet {
  readonly data: DataSet;
  readonly categories: readonly string[];
}

/**
 * Emoji of at least four of seven free designs, without skin tones: 32 × 32 colour pictures on white, one class an emoji.
 *
 * The drawings come from npm packages (25 MB, through the ordinary client, or from `$TENSOR_PAPERS_DATA/emoji`), are drawn once at 64 pixels
 * by a headless Chromium, and lie in the cache. Pictures that are byte for byte those of another class are left out.
 *
 * @throws DataUnavailableError, ChecksumError; the signal's reason
 */
export async function emoji(options: EmojiOptions = {}): Promise<EmojiSet> {
  const folder = folderIn(options.env);
  let index = await readIndex(folder);
  if (index === undefined) {
    await prepare(folder, options);
    index = await readIndex(folder);
  }
  if (index === undefined) throw new ChecksumError(`${folder} is damaged; remove it to have it made again`);
  const { classes, pictures, sha256 } = index;
  const large = await readFile(join(folder, 'pixels.bin'));
  const data = imageSet({
    pixels: averagePairs(large, renderedSide),
    labels: pictures.map(([label]) => label),
    shape: [renderedSide / 2, renderedSide / 2, 3],
    classNames: classes.map(({ name }) => name),
    ids: pictures.map(([label, design]) => `${classes[label]!.name}/${design}`),
    source: { id: 'emoji', sha256, licence, citation },
  });
  return { data, categories: classes.map(({ category }) => category) };
}

const folderIn = (env?: FetchOptions['env']) => join(cacheRoot(env), 'emoji');

/** The set as `papers data` lists and fetches it. */
export const emojiRecipe: Recipe = {
  entry: {
    id: 'emoji',
    title: 'Emoji of seven free designs, drawn by a headless Chromium',
    licence,
    citation,
    images: 9_630,
    bytes: 25_000_000,
    sources: ['cache', '$TENSOR_PAPERS_DATA/emoji', 'npm pack'],
  },
  isFetched: (env) => existsSync(join(folderIn(env), 'index.json')),
  async fetch(options) {
    const folder = folderIn(options.env);
    const source = existsSync(join(folder, 'index.json')) ? 'cache' : 'npm packages';
    const { data } = await emoji(options);
    const { sha256 } = data.source;
    const { size: bytes } = await stat(join(folder, 'pixels.bin'));
    return { id: 'emoji', folder, source, sha256, files: [{ name: 'pixels.bin', bytes, sha256 }], licence, citation };
  },
};

async function readIndex(folder: string): Promise<Index | undefined> {
  try {
    const index = JSON.parse(await readFile(join(folder, 'index.json'), 'utf8')) as Index;
    const pixels = await readFile(join(folder, 'pixels.bin'));
    return sha256Of(pixels) === index.sha256 ? index : undefined;
  } catch {
    return undefined;
  }
}

const sha256Of = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Fills the cache by way of a folder beside it, so that nobody sees a half. */
async function prepare(folder: string, { log = () => {}, signal, rasterise = rasteriseInBrowser }: EmojiOptions) {
  await mkdir(dirname(folder), { recursive: true });
  const temporary = await mkdtemp(`${folder}.tmp-`);
  try {
    const packages = new Map<string, string>();
    for (const source of sources) packages.set(source.design, await unpack(source, temporary, log, signal));
    const { classes, pictureOf } = await readDesigns(packages);
    const all = classes.flatMap(({ pictures }, label) => pictures.map((picture) => ({ label, ...picture })));
    log(`emoji: draws ${all.length} pictures of ${classes.length} emoji, once`);
    const pixels = await rasterise(all.length, (i) => pictureOf(all[i]!), {
      ...{ side: renderedSide, fit: 'whole', signal },
      progress: (done, total) => {
        if (done % 1024 === 0) log(`emoji: ${done} of ${total} drawn`);
      },
    });
    const index = await writePixels(temporary, pixels, classes, all);
    await rm(join(temporary, 'packages'), { recursive: true, force: true });
    await writeFile(join(temporary, 'index.json'), JSON.stringify(index));
    await writeFile(join(temporary, 'LICENCE.txt'), `${licence}\n${citation}\n`);
    await rm(folder, { recursive: true, force: true });
    await rename(temporary, folder);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** Keeps pictures that no other class has, of classes that still have enough of them. */
async function writePixels(
  folder: string,
  pixels: Uint8Array,
  classes: readonly EmojiClass[],
  all: readonly { readonly label: number; readonly design: string }[],
): Promise<Index> {
  const size = renderedSide * renderedSide * 3;
  const hashes = all.map((_, i) => sha256Of(pixels.subarray(i * size, (i + 1) * size)));
  const unique = firstOfEachPicture(hashes);
  const counts = classes.map(() => 0);
  for (const i of unique) counts[all[i]!.label]! += 1;
  const kept = [...classes.keys()].filter((label) => counts[label]! >= fewestDesigns);
  const place = new Map(kept.map((label, i) => [label, i]));
  const chosen = unique.filter((i) => place.has(all[i]!.label));
  const out = new Uint8Array(chosen.length * size);
  for (const [to, from] of chosen.entries()) out.set(pixels.subarray(from * size, (from + 1) * size), to * size);
  await writeFile(join(folder, 'pixels.bin'), out);
  return {
    sha256: sha256Of(out),
    classes: kept.map((label) => ({ name: classes[label]!.name, category: classes[label]!.category })),
    pictures: chosen.map((i) => [place.get(all[i]!.label)!, all[i]!.design] as const),
  };
}

/** Fetches and unpacks a package, and returns its folder. */
async function unpack(
  source: Source,
  temporary: string,
  log: (line: string) => void,
  signal: AbortSignal | undefined,
): Promise<string> {
  const folder = join(temporary, 'packages', source.design);
  await mkdir(folder, { recursive: true });
  const archive = await archiveOf(source, folder, log, signal);
  const got = sha256Of(await readFile(archive));
  if (got !== source.sha256) {
    throw new ChecksumError(
      `${archive}: expected sha256 ${source.sha256}, got ${got}; remove it to have it fetched again`,
    );
  }
  await run('tar', ['-xzf', archive, '-C', folder, '--strip-components=1'], signal ? { signal } : {});
  return folder;
}

async function archiveOf(
  { package: name, version }: Source,
  folder: string,
  log: (line: string) => void,
  signal: AbortSignal | undefined,
): Promise<string> {
  const file = `${name.replace('@', '').replace('/', '-')}-${version}.tgz`;
  const own = process.env.TENSOR_PAPERS_DATA && join(process.env.TENSOR_PAPERS_DATA, 'emoji', file);
  if (own && existsSync(own)) return own;
  log(`emoji: npm pack ${name}@${version}`);
  try {
    const options = { cwd: folder, timeout: 600_000, ...(signal ? { signal } : {}) };
    await run('npm', ['pack', '--silent', `${name}@${version}`], options);
  } catch (error) {
    signal?.throwIfAborted();
    const reason = (error as Error).message;
    throw new DataUnavailableError(
      `emoji: npm could not deliver ${name}@${version}: ${reason}\nPut ${file} into $TENSOR_PAPERS_DATA/emoji.`,
      [{ source: 'npm', reason }],
    );
  }
  return join(folder, file);
}

const readJson = async (folder: string, file: string) => JSON.parse(await readFile(join(folder, file), 'utf8'));

/** The classes, and what each of their pictures looks like. */
async function readDesigns(packages: ReadonlyMap<string, string>) {
  const sets = new Map<string, IconSet>();
  const designs: Design[] = [];
  const named: Parameters<typeof emojiNames>[0][number][] = [];
  for (const [design, folder] of packages) {
    if (design === 'fluent-3d') {
      const files = await readdir(join(folder, 'assets'));
      const pictures = Object.fromEntries(files.map((file) => [file.replace(/\.webp$/, ''), file]));
      designs.push({ name: design, keys: 'code points', pictures });
      continue;
    }
    const set = (await readJson(folder, 'icons.json')) as IconSet;
    sets.set(design, set);
    // Empty where a set has names only.
    const chars = (await readJson(folder, 'chars.json')) as Record<string, string>;
    const hasCodePoints = Object.keys(chars).length > 0;
    if (hasCodePoints) named.push({ set, chars, categories: (await readJson(folder, 'metadata.json')).categories });
    const names = [...Object.keys(set.icons), ...Object.keys(set.aliases ?? {})];
    const keys = hasCodePoints ? Object.entries(chars) : names.map((name) => [name, name] as const);
    const pictures = Object.fromEntries(
      keys.flatMap(([key, name]) => {
        const icon = iconOf(set, name);
        return icon === undefined ? [] : [[key, icon]];
      }),
    );
    designs.push({ name: design, keys: hasCodePoints ? 'code points' : 'names', pictures });
  }
  const pictureOf = async ({ design, picture }: { design: string; picture: string }): Promise<EncodedPicture> => {
    const set = sets.get(design);
    if (set) return { type: 'image/svg+xml', bytes: Buffer.from(svgOf(set, set.icons[picture]!)) };
    return { type: 'image/webp', bytes: await readFile(join(packages.get(design)!, 'assets', picture)) };
  };
  return { classes: emojiClasses(designs, emojiNames(named), fewestDesigns), pictureOf };
}

function svgOf(set: IconSet, { body, width = set.width ?? 16, height = set.height ?? 16 }: Icon): string {
  const size = `viewBox="0 0 ${width} ${height}" width="${renderedSide}" height="${(renderedSide * height) / width}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ${size}>${body}</svg>`;
}
