import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { PresetName } from '../benchmark/presets.js';
import type { ClaimResult } from '../claims/claim.js';
import { claimNotes, claimsTable } from './claims-table.js';
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

describe('the claims of a run', () => {
  const claim = { kind: 'superiority', metric: 'acc', compare: ['a', 'b'], unit: 'pp' } as ClaimResult;
  const measured = { ...claim, id: 'H1', effect: 0.31234, ci95: [-0.1, 12.5], n: 3 } as ClaimResult;
  const run = { paper: 'ban', preset: 'standard' as PresetName, seeds: [1, 2, 3], arms: { a: {}, b: {} } };
  const notSeen = { effect: null, ci95: null, n: 0, verdict: null } as const;
  const elsewhere = (id: string): ClaimResult => ({
    ...{ ...claim, ...notSeen, id },
    ...{ compare: ['b', 'c'], reason: 'the run has no arm c' },
  });
  const tooSmall = { ...measured, verdict: null, reason: 'the quick preset is too small for a verdict' };

  it('are written with signs, and why there is no verdict', () => {
    const claims: ClaimResult[] = [
      { ...measured, verdict: 'inconclusive' },
      { ...claim, ...notSeen, id: 'H2', reason: 'seed 2 has no acc of arm b' },
      { ...claim, id: 'H3', unit: '', effect: 0, ci95: null, n: 2, verdict: 'supported' },
      { ...measured, id: 'H4', verdict: null, reason: 'the run was stopped early' },
    ];
    const rows = claimsTable({ ...run, claims }).split('\n');
    expect(rows[0]).toMatch(/^claim .* seeds +verdict$/);
    expect(rows[1]).toMatch(/^H1 +superiority: acc of a, b +\+0\.312 pp +−0\.1 … \+12\.5 +3 +inconclusive$/);
    expect(rows[2]).toMatch(/– .* 0 {6}none: seed 2 has no acc of arm b$/);
    expect(rows[3]).toMatch(/ 0 .* 2 {6}supported$/);
    expect(rows[4]).toMatch(/ 3 {6}none: the run was stopped early$/);
    expect(claimNotes({ ...run, claims }, ['quick', 'standard'])).toEqual([]);
  });

  it('have no column of verdicts in a preset that gives none, but a note; a value that is missing is still named', () => {
    const quick = { ...run, preset: 'quick' as const, claims: [tooSmall] };
    const table = claimsTable(quick);
    expect(table).toMatch(/^claim .* seeds\nH1 .* \+0\.312 pp .* 3$/);
    expect(claimNotes(quick, ['study', 'smoke', 'quick', 'standard'])).toEqual([
      'quick is too small for verdicts; standard gives them: papers run ban --preset standard',
    ]);
    expect(claimNotes(quick, ['smoke', 'quick'])).toEqual(['quick is too small for verdicts']);
    expect(claimNotes({ ...quick, claims: [] }, ['quick', 'standard'])).toEqual([]);

    const missing = { ...claim, ...notSeen, id: 'H2', reason: 'seed 2 has no acc of arm b' };
    const rows = claimsTable({ ...quick, claims: [tooSmall, missing] }).split('\n');
    expect(rows[1]).toMatch(/ 3$/);
    expect(rows[2]).toMatch(/ 0 {6}none: seed 2 has no acc of arm b$/);
  });

  it('are named beneath where the preset does not run their arms', () => {
    const claims = [tooSmall, elsewhere('H1-digits'), elsewhere('H2-digits')];
    const quick = { ...run, preset: 'quick' as const, claims };
    expect(claimsTable(quick)).toBe(claimsTable({ ...quick, claims: [tooSmall] }));
    expect(claimNotes(quick, ['quick', 'standard'])[0]).toBe('not part of quick: H1-digits, H2-digits');

    const study = { ...run, preset: 'study' as const, claims: [elsewhere('H1')] };
    expect([claimsTable(study), claimNotes(study, ['standard', 'study'])]).toEqual(['', ['not part of study: H1']]);
  });

  it('are told with the reason in standard, which has to measure all of them', () => {
    const standard = { ...run, claims: [elsewhere('H1')] };
    expect(claimsTable(standard)).toMatch(/\nH1 .* none: the run has no arm c$/);
    expect(claimNotes(standard, ['standard'])).toEqual([]);
  });

  it('are all told of while no seed is finished', () => {
    const claims = [{ ...claim, ...notSeen, id: 'H1', reason: 'no seed was finished' }];
    const nothing = { ...run, seeds: [], arms: {}, claims };
    expect(claimsTable(nothing)).toMatch(/\nH1 .* none: no seed was finished$/);
    expect(claimNotes(nothing, ['standard'])).toEqual([]);
  });
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
