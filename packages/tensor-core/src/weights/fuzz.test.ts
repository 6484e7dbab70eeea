import { describe, expect, it } from '@jest/globals';
import { fuzzModels, fuzzSafetensors } from '../../test/weights-fuzz.js';

// `fuzz.verify.test.ts` does many more.
describe('mutated files', () => {
  it('safetensors: every failure is one of our errors', async () => {
    const { accepted, refused } = await fuzzSafetensors(400, 1);
    expect(accepted).toBeGreaterThan(5);
    expect(Object.keys(refused).length).toBeGreaterThan(8);
  });

  it('model.json: every failure is one of our errors', async () => {
    const { accepted, refused } = await fuzzModels(150, 1);
    expect(accepted).toBeGreaterThan(10);
    expect(Object.keys(refused).length).toBeGreaterThan(5);
  });
});
