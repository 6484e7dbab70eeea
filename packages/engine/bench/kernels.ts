// Times pieces of a training step, value and gradient, with stock TensorFlow.js and with this package, in turn:
// node --conditions=@tensor-papers/source --import tsx bench/kernels.ts [rounds] [name …]
import { spawnSync } from 'node:child_process';
import * as tf from '@tensorflow/tfjs';
import { useEngine } from '../src/index.js';
import { kernelCases } from './kernel-cases.js';

type Times = Record<string, number>;

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** Median milliseconds of each case in this process. */
async function measure(names: readonly string[], stock: boolean): Promise<Times> {
  await useEngine({ stock, log: () => {} });
  const times: Times = {};
  for (const { name, prepare } of kernelCases) {
    if (names.length > 0 && !names.includes(name)) continue;
    tf.engine().startScope();
    const run = prepare();
    const samples: number[] = [];
    const until = performance.now() + 400;
    while (samples.length < 6 || (performance.now() < until && samples.length < 60)) {
      const start = performance.now();
      tf.dispose(run());
      samples.push(performance.now() - start);
    }
    times[name] = median(samples.slice(3));
    tf.engine().endScope();
  }
  return times;
}

function measureApart(names: readonly string[], mode: string): Times {
  const { stdout } = spawnSync(process.execPath, [...process.execArgv, import.meta.filename, mode, ...names], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(stdout) as Times;
}

const [mode = '5', ...names] = process.argv.slice(2);
if (mode === 'stock' || mode === 'ours') {
  console.log(JSON.stringify(await measure(names, mode === 'stock')));
} else {
  const rounds = Array.from({ length: Number(mode) }, () => [
    measureApart(names, 'stock'),
    measureApart(names, 'ours'),
  ]);
  console.log('| value and gradient of | stock, ms | with this package, ms | ratio |\n| --- | --- | --- | --- |');
  for (const name of Object.keys(rounds[0]![0]!)) {
    const [stock, ours] = [0, 1].map((side) => median(rounds.map((round) => round[side]![name]!))) as [number, number];
    const ratio = median(rounds.map(([theirs, own]) => own![name]! / theirs![name]!));
    console.log(`| ${name} | ${stock.toPrecision(3)} | ${ours.toPrecision(3)} | ${ratio.toFixed(2)} |`);
  }
}
