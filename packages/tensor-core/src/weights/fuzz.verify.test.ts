import { describe, expect, it } from '@jest/globals';
import { fuzzModels, fuzzSafetensors } from '../../test/weights-fuzz.js';

const total = ({ accepted, refused }: Awaited<ReturnType<typeof fuzzModels>>) =>
  Object.values(refused).reduce((sum, count) => sum + count, accepted);

describe('mutated files', () => {
  it('12,000 safetensors files', async () => {
    const counts = await fuzzSafetensors(12_000, 2);
    expect(total(counts)).toBe(12_000);
    expect(counts.accepted).toBeGreaterThan(300);
    // Every code has to come up.
    expect(Object.keys(counts.refused).sort()).toEqual([
      'weights/bad-boolean',
      'weights/bad-entry',
      'weights/bad-offsets',
      'weights/bad-shape',
      'weights/duplicate-name',
      'weights/forbidden-name',
      'weights/header-not-json',
      'weights/header-not-object',
      'weights/header-too-long',
      'weights/size-mismatch',
      'weights/trailing-bytes',
      'weights/truncated',
      'weights/unknown-dtype',
    ]);
  });

  it('10,000 models', async () => {
    const counts = await fuzzModels(10_000, 2);
    expect(total(counts)).toBe(10_000);
    expect(counts.accepted).toBeGreaterThan(500);
    expect(Object.keys(counts.refused).length).toBeGreaterThan(8);
  });
});
