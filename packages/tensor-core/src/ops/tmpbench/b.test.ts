import { it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs';
import * as ops from '../index.js';

const time = (name: string, f: () => tf.Tensor | tf.Tensor[], n = 7) => {
  const run = () => {
    tf.tidy(() => {
      const r = f();
      for (const t of Array.isArray(r) ? r : [r]) t.dataSync();
    });
  };
  run();
  run();
  const t: number[] = [];
  for (let i = 0; i < n; i++) {
    const s = performance.now();
    run();
    t.push(performance.now() - s);
  }
  process.stderr.write(`${tf.getBackend()} ${name} ${t.sort((a, b) => a - b)[n >> 1]!.toFixed(1)} ms\n`);
};
it('x', async () => {
  const r = (s: number[]) => tf.randomNormal(s);
  const im = r([32, 32, 100, 1]) as tf.Tensor4D,
    im3 = r([32, 32, 100, 3]) as tf.Tensor4D;
  const grid = tf.randomUniform([32, 32, 100, 2], -1, 1) as tf.Tensor4D;
  time('sample fwd C1', () => ops.bilinearSample(im, grid));
  const both = () => tf.grads((a, b) => tf.sum(ops.bilinearSample(a as any, b as any)))([im, grid]);
  time('sample fwd+bwd C1', both);
  time('sample fwd+bwd C3', () => tf.grads((a, b) => tf.sum(ops.bilinearSample(a as any, b as any)))([im3, grid]));
  time('sample grid grad only', () => tf.grads((b) => tf.sum(ops.bilinearSample(im, b as any)))([grid]));
  const p = await tf.profile(
    () =>
      tf.tidy(() => {
        both();
      }) as any,
  );
  const by = new Map<string, [number, number]>();
  for (const k of p.kernels) {
    const m = Number(await k.kernelTimeMs);
    const o = by.get(k.name) ?? [0, 0];
    by.set(k.name, [o[0] + m, o[1] + 1]);
  }
  process.stderr.write(
    [...by]
      .sort((a, b) => b[1][0] - a[1][0])
      .slice(0, 14)
      .map(([n, [m, c]]) => `${n}:${m.toFixed(1)}/${c}`)
      .join(' ') + ' ms\n',
  );
  const b = Array.from({ length: 20 }, (_, i) => [-1 + (2 * (i % 10)) / 9, i < 10 ? -1 : 1] as [number, number]);
  time('tps basis', () => ops.thinPlateSplineBasis(b, [32, 100]));
  const x = r([16, 32, 32, 32]) as tf.Tensor4D,
    f = r([3, 3, 32, 32]) as tf.Tensor4D;
  for (const d of [1, 2]) {
    time(`atrous fwd d${d}`, () => ops.atrousConvolution2d(x, f, { dilation: d }));
    time(`atrous fwd+bwd d${d}`, () =>
      tf.grads((a, c) => tf.sum(ops.atrousConvolution2d(a as any, c as any, { dilation: d })))([x, f]),
    );
  }
  time('conv2d fwd+bwd', () => tf.grads((a, c) => tf.sum(tf.conv2d(a as any, c as any, 1, 'same')))([x, f]));
  const e = r([128, 128]) as tf.Tensor2D;
  for (const method of ['product', 'difference'] as const)
    time('pairwise ' + method, () => tf.grad((a) => tf.sum(ops.pairwiseDistances(a as any, undefined, { method })))(e));
});
