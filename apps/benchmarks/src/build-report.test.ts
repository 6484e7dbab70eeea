import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { fixture, standardResult } from '../test/fixtures.js';
import { buildReport } from './build-report.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'report-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const none = fixture('none');
const inputs = { results: fixture('results'), demo: fixture('demo'), papers: fixture('papers'), api: none };
const nothing = { results: none, demo: none, papers: none, api: none };

describe('buildReport', () => {
  it('writes pages and copies of the results, and says where', async () => {
    const out = join(folder, 'a', 'report');
    expect(await buildReport({ ...inputs, out })).toBe(join(out, 'index.html'));
    expect(readdirSync(join(out, 'example')).sort()).toEqual(['demo.json', 'index.html', 'standard.json']);
    expect(readFileSync(join(out, 'example', 'standard.json'), 'utf8')).toBe(
      readFileSync(fixture('results/example.json'), 'utf8'),
    );
    expect(readdirSync(join(folder, 'a'))).toEqual(['report']);
  });

  it('puts a study on the page of its paper and beside it, also where there is nothing else', async () => {
    const results = join(folder, 'results');
    mkdirSync(results);
    const study = { ...standardResult(), preset: 'study' };
    writeFileSync(join(results, 'example.study.json'), JSON.stringify(study));
    const out = join(folder, 'report');
    await buildReport({ ...nothing, results, out });
    expect(readdirSync(join(out, 'example')).sort()).toEqual(['index.html', 'study.json']);
    const page = readFileSync(join(out, 'example', 'index.html'), 'utf8');
    expect(page).toContain(`id="study-figure-${study.figures[0]!.id}"`);
    expect(page).not.toContain('id="figures"');
  });

  it('writes speed and engine with copies of their data, links them, and stands without either', async () => {
    const results = join(folder, 'results');
    cpSync(inputs.results, results, { recursive: true });
    const out = join(folder, 'report');
    const overview = async () => readFileSync(await buildReport({ ...inputs, results, out }), 'utf8');
    const folders = () => readdirSync(out).filter((name) => !name.includes('.'));

    expect(await overview()).toMatch(/href="speed\/index\.html"[\s\S]*href="engine\/index\.html"/);
    expect(folders()).toEqual(['engine', 'example', 'speed']);
    expect(readdirSync(join(out, 'speed')).sort()).toEqual(['index.html', 'peers.json']);
    expect(readdirSync(join(out, 'engine')).sort()).toEqual(['conformance.json', 'index.html']);

    rmSync(join(results, 'peers.json'));
    expect(await overview()).not.toContain('href="speed/');
    expect(folders()).toEqual(['engine', 'example']);

    rmSync(join(results, 'engine.conformance.json'));
    expect(await overview()).not.toContain('Besides the papers');
    expect(folders()).toEqual(['example']);
  });

  it('takes in the API reference and links it from the overview and from the page of its paper', async () => {
    const out = join(folder, 'report');
    const link = (page: string) => /href="([^"]*api\/[^"]*)"/.exec(readFileSync(join(out, page), 'utf8'))?.[1];
    await buildReport({ ...inputs, api: fixture('api'), out });
    expect(link('index.html')).toBe('api/index.html');
    expect(link('example/index.html')).toBe('../api/modules/example.html');
    expect(readdirSync(join(out, 'api'), { recursive: true }).sort()).toEqual(
      readdirSync(fixture('api'), { recursive: true }).sort(),
    );

    await buildReport({ ...inputs, out });
    for (const page of ['index.html', 'example/index.html']) {
      expect(readFileSync(join(out, page), 'utf8')).not.toContain('API reference');
    }
    expect(existsSync(join(out, 'api'))).toBe(false);
  });

  it('links an API reference without a page of the paper from the overview alone, and refuses one with pages missing', async () => {
    const [api, out] = [join(folder, 'api'), join(folder, 'report')];
    cpSync(fixture('api'), api, { recursive: true });
    const describe = (content: object) => writeFileSync(join(api, 'api.json'), JSON.stringify(content));
    describe({ packages: { other: 'modules/example.html' } });
    await buildReport({ ...inputs, results: none, api, out });
    expect(readFileSync(join(out, 'index.html'), 'utf8')).toContain('href="api/index.html"');
    expect(readFileSync(join(out, 'example', 'index.html'), 'utf8')).not.toContain('API reference');

    describe({ packages: { example: 'modules/gone.html' } });
    await expect(buildReport({ ...inputs, api, out })).rejects.toThrow(
      `${join(api, 'api.json')}: modules/gone.html is not there; make the API reference again by running \`npx -y pnpm@10 docs:api\``,
    );
    describe({});
    await expect(buildReport({ ...inputs, api, out })).rejects.toThrow('field packages: expected pages by package');
  });

  it('stands with either of the runs missing, and with nothing', async () => {
    for (const some of [{ ...inputs, demo: none }, { ...inputs, results: none }, nothing]) {
      const page = await buildReport({ ...some, out: join(folder, 'report') });
      expect(readFileSync(page, 'utf8')).toContain('</html>');
    }
    expect(readdirSync(join(folder, 'report')).sort()).toEqual(['index.html', 'report.json']);
  });

  it('keeps the old report, and leaves nothing behind, when a result is bad', async () => {
    const out = join(folder, 'report');
    await buildReport({ ...inputs, out });
    const before = readFileSync(join(out, 'example', 'index.html'), 'utf8');
    mkdirSync(join(folder, 'papers', 'example'), { recursive: true });
    writeFileSync(
      join(folder, 'papers', 'example', 'paper.json'),
      JSON.stringify({ title: 'T', equations: [{ tex: '\\frac{' }] }),
    );
    await expect(buildReport({ ...inputs, papers: join(folder, 'papers'), out })).rejects.toThrow('not TeX');
    expect(readFileSync(join(out, 'example', 'index.html'), 'utf8')).toBe(before);
    expect(readdirSync(folder).sort()).toEqual(['papers', 'report']);
  });

  it('never replaces what is not a report', async () => {
    writeFileSync(join(folder, 'thesis.txt'), 'mine');
    await expect(buildReport({ ...inputs, out: folder })).rejects.toThrow(/holds no report/);
    await expect(buildReport({ ...inputs, out: join(folder, 'thesis.txt') })).rejects.toThrow(/is a file/);
    await expect(buildReport({ ...inputs, out: join(folder, 'thesis.txt', 'x') })).rejects.toThrow(/cannot be written/);
    expect(readFileSync(join(folder, 'thesis.txt'), 'utf8')).toBe('mine');
  });
});

describe('the command', () => {
  const run = (...args: string[]) =>
    spawnSync(
      process.execPath,
      [
        ...['--conditions=@tensor-papers/source', '--import'],
        pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href,
        fileURLToPath(new URL('./main.ts', import.meta.url)),
        ...args,
      ],
      { encoding: 'utf8', cwd: folder },
    );

  it('prints the path of the first page and nothing else', () => {
    const flags = ['--results', inputs.results, '--demo', inputs.demo, '--papers', inputs.papers, '--out', 'report'];
    const { status, stdout, stderr } = run(...flags);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toBe(`${join(folder, 'report', 'index.html')}\n`);
    expect(existsSync(stdout.trim())).toBe(true);
  });

  it('ends with 2 on a wrong flag and with 1 on a bad result', () => {
    const wrong = run('--result', 'x');
    expect(wrong.status).toBe(2);
    expect(wrong.stderr).toContain('--result');
    expect(wrong.stderr).toContain('--results DIR');

    mkdirSync(join(folder, 'results'));
    writeFileSync(join(folder, 'results', 'ban.json'), '{}');
    const bad = run();
    expect(bad.status).toBe(1);
    expect(bad.stdout).toBe('');
    expect(bad.stderr).toMatch(/^report: \S*results\/ban\.json: field \w+/);
    expect(bad.stderr).not.toContain('    at ');
    expect(readdirSync(folder)).toEqual(['results']);
  });
});
