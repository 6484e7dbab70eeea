import { describe, expect, it } from '@jest/globals';
import type { CaseResult, Outcome } from './case.js';
import { conformanceJson, conformanceTable, type EngineRun, formatConformance, isConformant } from './table.js';

const ok: Outcome = { status: 'ok', error: 1.23456e-7 };
const wrong: Outcome = { status: 'wrong', error: Number.POSITIVE_INFINITY, message: 'off by Infinity' };
const missing: Outcome = { status: 'missing', message: "Kernel 'X' not registered" };
const result = (id: string, forward: Outcome, gradient: Outcome | null): CaseResult => ({
  id,
  op: 'op',
  forward,
  gradient,
});

const ours: EngineRun = {
  ...{ name: 'wasm', stock: false, version: '4.22.0' },
  results: [result('a', ok, ok), result('b', ok, null)],
};
const stock: EngineRun = { ...ours, stock: true, results: [result('a', ok, missing), result('b', wrong, null)] };
const broken: EngineRun = { name: 'tensorflow', stock: false, version: null, failure: 'it crashed', results: [] };
const tableOf = (...runs: EngineRun[]) => conformanceTable('float64', { tfjs: '4.22.0' }, runs);

describe('conformanceTable', () => {
  it('counts outcomes by engine and direction; a case without a gradient counts forward only', () => {
    expect(tableOf(ours, stock).summary).toEqual({
      wasm: {
        forward: { ok: 2, wrong: 0, missing: 0, failed: 0 },
        gradient: { ok: 1, wrong: 0, missing: 0, failed: 0 },
      },
      'wasm/stock': {
        forward: { ok: 1, wrong: 1, missing: 0, failed: 0 },
        gradient: { ok: 0, wrong: 0, missing: 1, failed: 0 },
      },
    });
  });

  it('keeps the outcomes of a case side by side, errors with two digits', () => {
    expect(tableOf(ours, stock).cases[0]).toEqual({
      id: 'a',
      op: 'op',
      results: {
        wasm: { forward: { status: 'ok', error: 1.2e-7 }, gradient: { status: 'ok', error: 1.2e-7 } },
        'wasm/stock': { forward: { status: 'ok', error: 1.2e-7 }, gradient: missing },
      },
    });
  });

  it('has a row for an engine that did not start', () => {
    const table = tableOf(broken, ours);
    expect(table.engines[0]).toEqual({
      key: 'tensorflow',
      name: 'tensorflow',
      stock: false,
      version: null,
      failure: 'it crashed',
    });
    expect(formatConformance(table)).toMatch(/^tensorflow +0( +0){7}\n +it crashed$/m);
  });
});

describe('conformanceJson', () => {
  it('is the table again, one case a line; an infinite error is left out and its message stays', () => {
    const text = conformanceJson(tableOf(ours, stock));
    const { cases, ...head } = JSON.parse(text);
    expect(cases[1].results['wasm/stock'].forward).toEqual({ status: 'wrong', message: 'off by Infinity' });
    const { cases: original, ...originalHead } = tableOf(ours, stock);
    expect(head).toEqual(originalHead);
    expect(cases).toEqual(JSON.parse(JSON.stringify(original)));
    expect(text.trimEnd().split('\n')).toHaveLength(2 + original.length);
  });
});

describe('isConformant', () => {
  it('asks of the engines of this package that every case is right, and of stock engines nothing', () => {
    expect(isConformant(tableOf(ours, stock))).toBe(true);
    expect(isConformant(tableOf({ ...stock, stock: false }))).toBe(false);
    expect(isConformant(tableOf(ours, { ...ours, name: 'cpu', results: [result('a', ok, missing)] }))).toBe(false);
    expect(isConformant(tableOf(ours, broken))).toBe(false);
    expect(isConformant(tableOf(ours, { ...ours, name: 'cpu', results: ours.results.slice(1) }))).toBe(false);
  });
});

it('formatConformance lists what is not right with its message', () => {
  const text = formatConformance(tableOf(ours, stock));
  expect(text).toContain(
    "wasm/stock: not right\n  a, gradient: missing: Kernel 'X' not registered\n  b, forward: wrong: off by Infinity",
  );
  expect(text).not.toContain('wasm: not right');
});
