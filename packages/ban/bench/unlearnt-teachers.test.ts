import { describe, expect, it } from '@jest/globals';
import type { GenerationReport } from '../src/index.js';
import { aboutUnlearntTeachers, unlearntTeachers } from './unlearnt-teachers.js';

describe('teachers that have not learnt their training data', () => {
  it('are counted once for each student that is warned of them', () => {
    const warning = { code: 'ban/teacher-not-converged', message: '', generation: 1 } as const;
    const report = (generation: number, trainAccuracy: number | null, warned: boolean) =>
      ({ generation, trainAccuracy, warnings: warned ? [warning] : [] }) as unknown as GenerationReport;
    const history = [report(0, 0.99, false), report(1, 0.9, false), report(2, 0.8, true), report(3, 0.7, true)];
    expect(unlearntTeachers(history)).toEqual([0.9, 0.8]);
    expect(unlearntTeachers([report(0, null, false), report(1, 0.5, false)])).toEqual([]);
  });

  it('are told of in one line: how many students, the range, and what it means', () => {
    expect(aboutUnlearntTeachers([0.915, 0.848, 0.338], 'standard')).toBe(
      'students without labels whose teacher gets less than 95 % of its training data right: 3 (33.8 … 91.5 %); ' +
        'they inherit its mistakes; the notes of the result name them',
    );
    expect(aboutUnlearntTeachers([0.72], 'study')).toMatch(/: 1 \(72\.0 %\); they inherit/);
    for (const preset of ['smoke', 'quick'] as const) {
      expect(aboutUnlearntTeachers([0.5, 0.5], preset)).toMatch(`: 2 (50.0 %); ${preset}'s teachers are too small`);
    }
    expect(aboutUnlearntTeachers([], 'quick')).toBeUndefined();
  });
});
