import { describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs';
import { type DoctorReport, doctor, formatDoctor } from './doctor.js';

describe('doctor', () => {
  it('reports what is installed, what runs and how fast', async () => {
    const before = tf.memory().numTensors;
    const report = await doctor();
    expect(report.engine!.selfTestError).toBeLessThan(1e-5);
    expect(report.speed!.matMulGflops).toBeGreaterThan(0.05);
    expect(report.speed!.trainStepMilliseconds).toBeGreaterThan(0);
    expect(tf.memory().numTensors).toBe(before);
    const text = formatDoctor(report);
    expect(report.changes!.gradientsReplaced).toContain('Cumsum');
    for (const word of [
      'node',
      'TensorFlow.js',
      'library',
      'own kernels',
      'patches',
      'MirrorPad',
      'self-test',
      'Gflop/s',
      report.engine!.name,
    ]) {
      expect(text).toContain(word);
    }
  });

  it('reports a problem instead of throwing it, with advice', async () => {
    const report = await doctor({ engine: 'webgl' });
    expect(report).toMatchObject({ engine: null, changes: null });
    expect(report.problem).toContain('webgl');
  });

  it('advises an installation where the library is missing', () => {
    const report: DoctorReport = {
      ...{ node: '20.19.0', platform: 'linux x64', tfjs: '4.22.0', problem: 'none works' },
      install: { linked: false, wasm: true, folder: '/cache', damage: 'it does not exist' },
      ...{ engine: null, changes: null, speed: null, advice: ['Run it.'] },
    };
    expect(formatDoctor(report)).toContain('not linked; cache /cache: it does not exist');
    expect(formatDoctor(report)).toContain('advice: Run it.');
    expect(formatDoctor(report)).toMatch(/^own kernels +not compiled$/m);
  });
});
