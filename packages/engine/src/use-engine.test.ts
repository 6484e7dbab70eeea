import { beforeEach, describe, expect, it, jest } from '@jest/globals';

// Every test starts from a process in which no engine runs yet.
type Package = typeof import('./index.js');

async function freshPackage(): Promise<Package> {
  jest.resetModules();
  for (const name of ['_tfengine', '_tfGlobals']) Reflect.deleteProperty(globalThis, name);
  return import('./index.js');
}

function withoutTensorFlow(): void {
  jest.doMock('@tensorflow/tfjs-node', () => {
    throw new Error("Cannot find module '/somewhere/lib/napi-v8/tfjs_binding.node'\nRequire stack: …");
  });
}

function missingPackage(name: string): void {
  jest.doMock(name, () => {
    throw Object.assign(new Error(`Cannot find module '${name}'`), { code: 'MODULE_NOT_FOUND' });
  });
}

const environment = { ...process.env };

beforeEach(() => {
  process.env = { ...environment };
  delete process.env.TENSOR_PAPERS_ENGINE;
  delete process.env.TENSOR_PAPERS_THREADS;
  delete process.env.TENSOR_PAPERS_STOCK;
  jest.dontMock('@tensorflow/tfjs-node');
  jest.dontMock('@tensorflow/tfjs-backend-wasm');
});

describe('useEngine', () => {
  it('says on one line what runs, and gives the same answer again', async () => {
    const { useEngine } = await freshPackage();
    const lines: string[] = [];
    const info = await useEngine({ log: (line) => lines.push(line) });
    expect(lines[0]).toContain(`engine: ${info.name} ${info.version}`);
    expect(info.selfTestError).toBeLessThan(1e-5);
    expect(await useEngine({ log: (line) => lines.push(line) })).toBe(info);
    expect(lines).toHaveLength(1);
  });

  it('goes on to wasm where the native library is missing, and says why', async () => {
    withoutTensorFlow();
    const { useEngine } = await freshPackage();
    const lines: string[] = [];
    const info = await useEngine({ log: (line) => lines.push(line) });
    expect(info.name).toBe('wasm');
    expect(info.skipped).toEqual([{ name: 'tensorflow', reason: expect.stringContaining('engine install') }]);
    expect(lines[0]).toContain('not tensorflow');
  });

  it('goes on to cpu where wasm is missing too, and warns with an estimate', async () => {
    withoutTensorFlow();
    missingPackage('@tensorflow/tfjs-backend-wasm');
    const { useEngine } = await freshPackage();
    const lines: string[] = [];
    const info = await useEngine({ log: (line) => lines.push(line) });
    expect(info.name).toBe('cpu');
    expect(info.skipped.map(({ name }) => name)).toEqual(['tensorflow', 'wasm']);
    expect(info.skipped[1]!.reason).toContain('not installed');
    expect(lines[1]).toMatch(/one training step .* takes about [\d.]+ s/);
  });

  it('never falls back from an engine that was asked for', async () => {
    withoutTensorFlow();
    const { useEngine } = await freshPackage();
    await expect(useEngine({ engine: 'tensorflow', log: () => {} })).rejects.toMatchObject({
      code: 'engine/unavailable',
      message: expect.stringContaining('the engine tensorflow cannot be had'),
    });
    process.env.TENSOR_PAPERS_ENGINE = 'webgl';
    await expect(useEngine({ log: () => {} })).rejects.toMatchObject({ code: 'engine/unavailable' });
  });

  it('does not use a backend that fails its self-test', async () => {
    withoutTensorFlow();
    const { useEngine } = await freshPackage();
    const tf = await import('@tensorflow/tfjs');
    await import('@tensorflow/tfjs-backend-wasm');
    const stock = tf.getKernel('MaxPool', 'wasm');
    tf.unregisterKernel('MaxPool', 'wasm');
    tf.registerKernel({
      ...stock,
      kernelFunc: (call) => {
        const [batch, height, width, channels] = call.inputs.x!.shape as [number, number, number, number];
        return tf.zeros([batch, height / 2, width / 2, channels]);
      },
    });
    const info = await useEngine({ log: () => {} });
    expect(info.name).toBe('cpu');
    expect(info.skipped[1]).toEqual({ name: 'wasm', reason: expect.stringContaining('self-test') });
  });

  it('stock: nothing is registered, and a failed self-test is reported instead of refused', async () => {
    const { engineChanges, useEngine } = await freshPackage();
    const tf = await import('@tensorflow/tfjs');
    await import('@tensorflow/tfjs-backend-wasm');
    const before = tf.getKernelsForBackend('wasm');
    const gradient = tf.getGradient('Maximum');
    const lines: string[] = [];
    const info = await useEngine({ engine: 'wasm', stock: true, log: (line) => lines.push(line) });
    expect(info).toMatchObject({ name: 'wasm', stock: true, selfTestError: Number.POSITIVE_INFINITY });
    expect(info.selfTestProblem).toContain('Conv2DBackpropFilter');
    expect(lines[0]).toContain('stock: ');
    expect(tf.getKernelsForBackend('wasm')).toEqual(before);
    expect(tf.getGradient('Maximum')).toBe(gradient);
    expect(Object.values(engineChanges()).flat()).toEqual([]);
    // Stock is one engine and the repaired one another: the second call does not give the first one's answer.
    const repaired = await useEngine({ engine: 'wasm', log: () => {} });
    expect(repaired.stock).toBe(false);
    expect(engineChanges().kernelsAdded).toContain('Conv2DBackpropFilter');
  });

  it('stock: refuses where repairs are in place, and reads TENSOR_PAPERS_STOCK', async () => {
    const { useEngine } = await freshPackage();
    process.env.TENSOR_PAPERS_STOCK = 'yes';
    await expect(useEngine({ engine: 'cpu' })).rejects.toThrow("TENSOR_PAPERS_STOCK: expected 1 or 0, got 'yes'");
    process.env.TENSOR_PAPERS_STOCK = '1';
    const info = await useEngine({ engine: 'cpu', log: () => {} });
    expect(info).toMatchObject({ name: 'cpu', stock: true });
    expect(info.selfTestError).toBeLessThan(1e-5);
    process.env.TENSOR_PAPERS_STOCK = '0';
    expect((await useEngine({ engine: 'cpu', log: () => {} })).stock).toBe(false);
    await expect(useEngine({ engine: 'cpu', stock: true })).rejects.toMatchObject({ code: 'engine/bad-option' });
  });

  it('refuses unknown names and bad numbers of threads, and names what it takes', async () => {
    const { useEngine } = await freshPackage();
    await expect(useEngine({ engine: 'tensorflw' as never })).rejects.toThrow(
      "unknown engine 'tensorflw': expected one of auto, tensorflow, wasm, webgpu, webgl, cpu",
    );
    process.env.TENSOR_PAPERS_THREADS = '1.5';
    await expect(useEngine()).rejects.toMatchObject({ code: 'engine/bad-option' });
    await expect(useEngine({ threads: 0 })).rejects.toThrow("expected a whole number of at least 1, got '0'");
  });
});
