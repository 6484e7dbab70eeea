import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { ClaimResult } from '../claims/claim.js';
import { claimsTable } from './claims-table.js';
import { listenForInterrupt } from './interrupt.js';
import { clock, runProgress } from './progress.js';
import { askedEngine } from './run-options.js';

describe('runProgress', () => {
  let written = '';
  const stream = (isTTY: boolean, columns = 120) => ({ isTTY, columns, write: (text: string) => (written += text) });
  const { CI } = process.env;
  beforeEach(() => {
    written = '';
    delete process.env.CI;
  });
  afterEach(() => {
    if (CI !== undefined) process.env.CI = CI;
  });

  it('writes lines only where there is no terminal', () => {
    const progress = runProgress(stream(false), 'ban', 2);
    progress.progress(1, 0.5, 'epoch 1');
    progress.log('a line');
    progress.end();
    expect(written).toBe('a line\n');
  });

  it('draws how far all seeds are, and the time left from what this run made', () => {
    let now = 0;
    const progress = runProgress(stream(true), 'ban quick', 4, () => now);
    progress.progress(1, 1, 'kept');
    now = 10_000;
    progress.progress(2, 0.5, 'epoch 3');
    expect(written.split('\r\u001b[2K').at(-1)).toBe(
      'ban quick  [========            ] 37 %  1/4 seeds  0:50 left  seed 2: epoch 3',
    );
    const before = written;
    now += 50;
    progress.progress(2, 0.6, 'epoch 4');
    expect(written).toBe(before);
    progress.log('line');
    expect(written.slice(before.length).startsWith('\r\u001b[2Kline\nban quick')).toBe(true);
    progress.end();
    expect(written.endsWith('\r\u001b[2K')).toBe(true);
  });

  it('stays inside the terminal', () => {
    const progress = runProgress(stream(true, 20), 'ban', 1);
    progress.progress(1, 0.5, 'a long label');
    expect(written.replace('\r\u001b[2K', '')).toHaveLength(19);
  });

  it('reads like a clock', () => {
    expect([0, 4.2, 65, 3600, 7325].map(clock)).toEqual(['0:00', '0:05', '1:05', '1:00:00', '2:02:05']);
  });
});

it('writes the claims with signs, and why there is no verdict', () => {
  const claim = { id: 'H1', kind: 'superiority', metric: 'acc', compare: ['a', 'b'], unit: 'pp' } as ClaimResult;
  const rows = claimsTable([
    { ...claim, effect: 0.31234, ci95: [-0.1, 12.5], n: 3, verdict: 'inconclusive' },
    { ...claim, id: 'H2', effect: null, ci95: null, n: 0, verdict: null, reason: 'no seed was finished' },
    { ...claim, id: 'H3', unit: '', effect: 0, ci95: null, n: 2, verdict: 'supported' },
  ]).split('\n');
  expect(rows[1]).toMatch(/^H1 +superiority: acc of a, b +\+0\.312 pp +−0\.1 … \+12\.5 +3 +inconclusive$/);
  expect(rows[2]).toMatch(/– .* 0 {6}none: no seed was finished$/);
  expect(rows[3]).toMatch(/ 0 .* 2 {6}supported$/);
});

describe('listenForInterrupt', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('stops at the first Ctrl-C, ends at the second, and takes an echo for one press', () => {
    const before = process.listenerCount('SIGINT');
    const said: string[] = [];
    const interrupt = listenForInterrupt((line) => said.push(line));
    expect(interrupt.exitCode).toBeUndefined();
    process.emit('SIGINT', 'SIGINT');
    jest.advanceTimersByTime(100);
    process.emit('SIGINT', 'SIGINT');
    expect([interrupt.stop.aborted, interrupt.kill.aborted, interrupt.exitCode]).toEqual([true, false, 130]);
    jest.advanceTimersByTime(600);
    process.emit('SIGINT', 'SIGINT');
    expect(interrupt.kill.aborted).toBe(true);
    interrupt.release();
    expect(process.listenerCount('SIGINT')).toBe(before);
    expect(said).toHaveLength(1);
  });

  it('says 143 for SIGTERM', () => {
    const interrupt = listenForInterrupt(() => {});
    process.emit('SIGTERM', 'SIGTERM');
    expect(interrupt.exitCode).toBe(143);
    interrupt.release();
  });
});

it('takes the engine from the flag, then the environment, and names the nearest', () => {
  expect(askedEngine(undefined, {})).toBe('auto');
  expect(askedEngine(undefined, { TENSOR_PAPERS_ENGINE: 'cpu' })).toBe('cpu');
  expect(askedEngine('wasm', { TENSOR_PAPERS_ENGINE: 'nonsense' })).toBe('wasm');
  expect(() => askedEngine('tensorflo', {})).toThrow(/unknown engine 'tensorflo' \(did you mean 'tensorflow'\?\)/);
  expect(() => askedEngine(undefined, { TENSOR_PAPERS_ENGINE: 'wsm' })).toThrow(/'wasm'/);
});
