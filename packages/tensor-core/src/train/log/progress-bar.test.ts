import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type ProgressStream, progressBar } from './progress-bar.js';
import type { StepLog } from './train-log.js';

const CLEAR = '\r\u001b[2K';

class FakeTerminal implements ProgressStream {
  readonly isTTY: boolean;
  readonly columns: number;
  written: string[] = [];
  constructor({ isTTY = true, columns = 200 } = {}) {
    this.isTTY = isTTY;
    this.columns = columns;
  }
  write(text: string): void {
    this.written.push(text);
  }
  get line(): string {
    return this.written.at(-1)!.replace(CLEAR, '');
  }
}

function step(number: number, more: Partial<StepLog> = {}): StepLog {
  return {
    step: number,
    epoch: Math.floor(number / 10),
    stepOfEpoch: number % 10,
    stepsPerEpoch: 10,
    examples: 32,
    loss: 1.23456,
    learningRate: 0.1,
    ...more,
  };
}

const run = { epochs: 2, stepsPerEpoch: 10, parameters: 5 };

describe('progressBar', () => {
  const { CI } = process.env;
  let now = 0;
  beforeEach(() => {
    delete process.env.CI;
    now = 1000;
    jest.spyOn(performance, 'now').mockImplementation(() => now);
  });
  afterEach(() => {
    if (CI !== undefined) process.env.CI = CI;
    jest.restoreAllMocks();
  });

  it('shows epoch, step, loss, throughput and the time left', () => {
    const terminal = new FakeTerminal();
    const bar = progressBar(terminal, { label: 'seed 3' });
    bar.start!(run);
    for (let i = 0; i < 5; i++) {
      now += 2000;
      bar.step!(step(i));
    }
    // 5 of 20 steps in 10 s: 30 s to go; 160 examples in 10 s.
    expect(terminal.line).toBe(
      'seed 3  epoch 1/2  [=====               ]  step 5/10  loss 1.235  16 examples/s  ETA 0:30',
    );
    expect(terminal.written.every((text) => text.startsWith(CLEAR))).toBe(true);
  });

  it('goes on from where a resumed run stands', () => {
    const terminal = new FakeTerminal();
    const bar = progressBar(terminal);
    bar.start!(run);
    now += 2000;
    bar.step!(step(14));
    // 1 step in 2 s, 5 left.
    expect(terminal.line).toBe('epoch 2/2  [===============     ]  step 5/10  loss 1.235  16 examples/s  ETA 0:10');
  });

  it('writes long times with hours', () => {
    const terminal = new FakeTerminal();
    const bar = progressBar(terminal);
    bar.start!(run);
    now += 400_000;
    bar.step!(step(0));
    expect(terminal.line).toMatch(/ETA 2:06:40$/);
  });

  it('knows no time left while the length of an epoch is not known', () => {
    const terminal = new FakeTerminal();
    const bar = progressBar(terminal);
    bar.start!({ ...run, stepsPerEpoch: undefined });
    now += 1000;
    bar.step!(step(0, { stepsPerEpoch: undefined }));
    expect(terminal.line).toBe('epoch 1/2  step 1  loss 1.235  32 examples/s  ETA –:––');
  });

  it('draws at most ten times a second, and the last step at the end with a newline', () => {
    const terminal = new FakeTerminal();
    const bar = progressBar(terminal);
    bar.start!(run);
    for (let i = 0; i < 20; i++) {
      now += 30;
      bar.step!(step(i));
    }
    expect(terminal.written.length).toBeLessThanOrEqual(6);
    expect(terminal.written.join('')).not.toContain('epoch 2/2  [====================]  step 10/10');
    bar.end!({ steps: 20, aborted: false });
    expect(terminal.written.at(-2)).toContain('epoch 2/2  [====================]  step 10/10');
    expect(terminal.written.at(-2)).toContain('ETA 0:00');
    expect(terminal.written.at(-1)).toBe('\n');
  });

  it('starts anew with the next run', () => {
    const terminal = new FakeTerminal();
    const bar = progressBar(terminal);
    const lines: string[] = [];
    for (let again = 0; again < 2; again++) {
      now += 60_000;
      bar.start!(run);
      now += 1000;
      bar.step!(step(0));
      lines.push(terminal.line);
      bar.end!({ steps: 1, aborted: false });
    }
    expect(lines[1]).toBe(lines[0]);
  });

  it('never wraps a line', () => {
    const terminal = new FakeTerminal({ columns: 30 });
    const bar = progressBar(terminal);
    bar.start!(run);
    now += 1000;
    bar.step!(step(0));
    expect(terminal.line).toHaveLength(29);
  });

  it('writes nothing where there is no terminal, in CI, or for a run without steps', () => {
    const play = (terminal: FakeTerminal, steps: number) => {
      const bar = progressBar(terminal);
      bar.start?.(run);
      for (let i = 0; i < steps; i++) bar.step?.(step(i));
      bar.end?.({ steps, aborted: false });
      return terminal.written;
    };
    expect(play(new FakeTerminal({ isTTY: false }), 3)).toEqual([]);
    expect(play(new FakeTerminal(), 0)).toEqual([]);
    process.env.CI = 'true';
    expect(play(new FakeTerminal(), 3)).toEqual([]);
    delete process.env.CI;
    expect(play(new FakeTerminal(), 3)).not.toEqual([]);
  });
});
