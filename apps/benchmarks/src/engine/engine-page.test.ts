import { describe, expect, it } from '@jest/globals';
import { exampleConformance, readable } from '../../test/fixtures.js';
import { enginePage, engineSummary } from './engine-page.js';
import { byOperation, worstStatus } from './outcomes.js';

const table = exampleConformance();
/** The words of the cells of an operation's row. */
const rowOf = (page: string, op: string) => {
  const row = new RegExp(`<tr><th scope="row">${op}</th>(.*?)</tr>`, 's').exec(page.split('id="operations"')[1]!)![1]!;
  return [...row.matchAll(/<td>(.*?)<\/td>/gs)].map(([, cell]) =>
    cell!
      .replaceAll(/<[^>]+>/g, ' ')
      .replaceAll(/\s+/g, ' ')
      .trim(),
  );
};

describe('worstStatus', () => {
  it('is the worst of an operation, null without a gradient, undefined where it was not run', () => {
    const operations = new Map(byOperation(table.cases));
    const [argMax, conv] = [operations.get('argMax')!, operations.get('conv2d')!];
    expect(worstStatus(argMax!, 'cpu', 'gradient')).toBeNull();
    expect(worstStatus(conv!, 'tensorflow', 'gradient')).toBe('ok');
    expect(worstStatus(conv!, 'tensorflow/stock', 'gradient')).toBe('wrong');
    expect(worstStatus(conv!, 'wasm/stock', 'gradient')).toBe('missing');
    expect(worstStatus(conv!, 'webgl', 'forward')).toBeUndefined();
  });
});

describe('enginePage', () => {
  it('has a row per operation and a cell per engine, ours and stock', () => {
    const page = enginePage(table);
    expect(rowOf(page, 'relu')).toEqual(Array(6).fill('✓ ok'));
    expect(rowOf(page, 'argMax <span class="way">forward only</span>')).toEqual(Array(6).fill('✓ ok'));
    expect(rowOf(page, 'avgPool').at(-1)).toBe('✓ ok forward ✗ wrong gradient');
    expect(rowOf(page, 'gatherND')[1]).toBe('! failed');
    expect(rowOf(page, 'separableConvolutionWithDilation')[4]).toBe('not run');
    expect(page.match(/<tr><th scope="row">conv2d<\/th>/g)).toHaveLength(1);
  });

  it('counts what is right, and lists what is not with what was seen', () => {
    const page = enginePage(table);
    // 3 engines × (8 forward + 7 gradients), less one case that cpu did not run and two outcomes that are wrong.
    expect(engineSummary(table)).toBe('41 of 43 outcomes right');
    expect(page).toContain('With this project 41 of 43 outcomes are right');
    expect(page).toContain('Kernel &#39;Conv2DBackpropFilter&#39; not registered');
    expect(page).toMatch(/wasm, ours: 2 outcomes in \d cases?: <code>/);
    expect(page).toMatch(/tensorflow, ours: nothing/);
  });

  it('names the first ten cases that are not right beside the count, and how many more there are', () => {
    const [template] = table.cases;
    const wrong = { ...template!.results.wasm!, forward: { status: 'wrong' as const, message: 'seen' } };
    const cases = Array.from({ length: 12 }, (_, index) => ({
      ...template!,
      id: `case ${index + 1}`,
      results: { ...template!.results, wasm: wrong, 'wasm/stock': wrong },
    }));
    const top = (page: string) => page.split('<section id="operations"')[0]!;
    const page = top(enginePage({ ...table, cases }));
    expect(page).toContain('wasm, ours, in 12 cases: <code>case 1</code>');
    expect(page).toContain('<code>case 10</code> and 2 more.');
    expect(page).not.toContain('case 11');
    expect(page).not.toContain('tensorflow, ours, in');
    expect(page).not.toContain('stock, in');
    expect(top(enginePage({ ...table, cases: cases.slice(0, 1) }))).toContain('in 1 case: <code>case 1</code>. <a');
  });

  it('stands with one engine, one that did not start, and nothing', () => {
    const [first, , wasm] = table.engines;
    const failure = 'no such library';
    for (const some of [
      { ...table, engines: [first!] },
      { ...table, engines: [first!, { ...wasm!, version: null, failure }] },
      { ...table, engines: [], cases: [] },
    ]) {
      const page = enginePage(some);
      expect(page).toContain('</html>');
      expect(readable(page)).not.toMatch(/undefined|NaN|null|\[object/);
      expect(page.includes(`did not start: ${failure}`)).toBe(some.engines.length === 2);
    }
  });

  it('escapes what the file brings', () => {
    const evil = '"><script>alert(1)</script>';
    const cases = table.cases.map((each) => ({ ...each, id: evil, op: evil }));
    expect(enginePage({ ...table, about: evil, cases, versions: { [evil]: evil } }).match(/<script/g)).toHaveLength(1);
  });
});
