import { describe, expect, it } from '@jest/globals';
import { createRng } from '@tensor-papers/numerics/random';
import { mlp } from '@tensor-papers/tensor-core/nn';
import { adam, sgd } from '@tensor-papers/tensor-core/train';
import * as tf from '@tensorflow/tfjs';
import {
  blobs,
  distance,
  features,
  leak,
  netWeights,
  normalisedFeatures,
  tinyModules,
  tinyNet,
  weightsOf,
} from '../test/support.js';
import {
  countLabelerMismatches,
  drawSmearingNoise,
  editPool,
  type HeadNumber,
  headDisagreement,
  headNumbers,
  LabelsError,
  labelPool,
  ModuleError,
  OptionError,
  ShapeError,
  smearLabels,
  TriNet,
  trainHead,
  trainOnSmearedLabels,
  voteLabels,
} from './index.js';
import { selectPseudoLabels } from './pseudo-labels.js';

const data = blobs({ length: 20, seed: 5 });
const images = (indices: number[]) =>
  tf.tidy(() => tf.tensor4d(Float32Array.from(data.images(indices) as Uint8Array), [indices.length, 4, 2, 1]).div(255));

/** A net with confident heads: trained for a moment. */
async function readyNet(options: Parameters<typeof tinyNet>[0] = {}, epochs = 10): Promise<TriNet> {
  const net = tinyNet(options);
  const rng = createRng(2);
  const labeled = blobs({ length: 24, seed: 3 });
  const noise = drawSmearingNoise(24, 3, rng);
  const targets = smearLabels(labeled.labels, { classes: 3, std: 0.05, noise });
  const optimizer = adam({ learningRate: 0.03 });
  await trainOnSmearedLabels({ net, labeled, targets, length: { epochs }, batchSize: 8, optimizer, rng });
  optimizer.dispose();
  return net;
}

describe('a net', () => {
  it('has a trunk and three heads of different weights, the same for the same seed', () => {
    const [one, same, other] = [tinyNet(), tinyNet(), tinyNet({ seed: 2 })];
    expect(netWeights(same)).toEqual(netWeights(one));
    expect(netWeights(other)).not.toEqual(netWeights(one));
    expect(one.layers.map(({ name }) => name)).toEqual(['trunk', 'head-1', 'head-2', 'head-3']);
    const alike = tinyNet({ heads: Array.from({ length: 3 }, () => mlp({ hidden: [4] })) });
    const kernels = alike.heads.map((head) => weightsOf(head)[0]!);
    expect(distance(kernels[0], kernels[1])).toBeGreaterThan(0.1);
    expect(distance(kernels[1], kernels[2])).toBeGreaterThan(0.1);
    for (const net of [one, same, other, alike]) net.dispose();
  });

  it('predicts by the sum rule, as its heads say one by one', async () => {
    const net = tinyNet();
    const x = images([0, 1, 2, 3]);
    tf.tidy(() => {
      const h = net.trunk.apply(x) as tf.Tensor;
      const each = net.heads.map((head) => tf.softmax(head.apply(h) as tf.Tensor).arraySync() as number[][]);
      const logits = net.logits(x, { heads: [3, 1] });
      expect(logits.shape).toEqual([4, 2, 3]);
      const direct = net.heads[2]!.apply(h) as tf.Tensor;
      expect(
        distance(
          (logits.arraySync() as number[][][]).map(([third]) => third),
          direct.arraySync(),
        ),
      ).toBe(0);
      const { probabilities, classes } = net.predict(x);
      const mean = each[0]!.map((row, i) => row.map((value, c) => (value + each[1]![i]![c]! + each[2]![i]![c]!) / 3));
      expect(distance(probabilities.arraySync(), mean)).toBeLessThan(1e-6);
      expect(Array.from(classes.dataSync())).toEqual(mean.map((row) => row.indexOf(Math.max(...row))));
      expect(classes.dtype).toBe('int32');
    });
    expect(await leak(() => net.predict(x).dispose())).toBe(0);
    x.dispose();
    net.dispose();
  });

  it('has modes: inference repeats itself, the others draw, only training moves statistics', () => {
    const net = tinyNet({ trunk: normalisedFeatures });
    const x = images([0, 1, 2, 3, 4, 5]);
    const before = netWeights(net);
    const values = (mode: 'inference' | 'stochastic' | 'training') => {
      const logits = net.logits(x, { mode });
      const read = Array.from(logits.dataSync());
      logits.dispose();
      return read;
    };
    expect(values('inference')).toEqual(values('inference'));
    expect(values('stochastic')).not.toEqual(values('stochastic'));
    expect(netWeights(net)).toEqual(before);
    // Without dropout, stochastic is inference; training normalises by the batch.
    const plain = tinyNet({ ...tinyModules(0), trunk: normalisedFeatures });
    const of = (mode: 'inference' | 'stochastic' | 'training') =>
      tf.tidy(() => Array.from(plain.logits(x, { mode }).dataSync()));
    expect(of('stochastic')).toEqual(of('inference'));
    expect(of('training')).not.toEqual(of('inference'));
    values('training');
    expect(netWeights(net)).not.toEqual(before);
    expect(netWeights(net).slice(1)).toEqual(before.slice(1));
    x.dispose();
    net.dispose();
    plain.dispose();
  });

  it('goes back to what a layer did where an action in frozen mode throws', () => {
    const net = tinyNet({ trunk: normalisedFeatures });
    const [, , norm] = net.trunk.layers;
    const call = norm!.call;
    const wrong = tf.zeros([2, 9, 9, 1]);
    expect(() => net.logits(wrong, { mode: 'stochastic' })).toThrow();
    expect(norm!.call).toBe(call);
    expect(Object.keys(norm!)).not.toContain('call');
    wrong.dispose();
    net.dispose();
  });

  it('is the same after its four models were saved and loaded', async () => {
    const net = tinyNet();
    const before = await net.evaluate(data);
    const loaded = await Promise.all(
      net.layers.map(async (model) => {
        let saved: tf.io.ModelArtifacts | null = null;
        await model.save(
          tf.io.withSaveHandler(async (artifacts) => {
            saved = artifacts;
            return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
          }),
        );
        return await tf.loadLayersModel(tf.io.fromMemory(saved! as tf.io.ModelArtifacts));
      }),
    );
    net.dispose();
    const again = new TriNet(loaded[0]!, loaded.slice(1), 3);
    expect(await again.evaluate(data)).toEqual(before);
    again.dispose();
  });

  it('as one model can be saved where layers have names of their own, and goes with the net', async () => {
    const named =
      (name: string) =>
      ({ seed, inputShape, classes }: { seed: number; inputShape: readonly number[]; classes: number }) =>
        tf.sequential({
          layers: [
            tf.layers.dense({
              ...{ units: classes, inputShape: [...inputShape], name },
              kernelInitializer: tf.initializers.glorotUniform({ seed }),
            }),
          ],
        });
    expect(
      await leak(async () => {
        const net = tinyNet({ trunk: features(6), heads: ['a', 'b', 'c'].map(named) });
        const { sums } = await net.evaluate(data, { indices: [0, 1] });
        let saved: tf.io.ModelArtifacts | null = null;
        await net.classifier.save(
          tf.io.withSaveHandler(async (artifacts) => {
            saved = artifacts;
            return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
          }),
        );
        expect(net.classifier).toBe(net.classifier);
        net.dispose();
        const model = await tf.loadLayersModel(tf.io.fromMemory(saved! as tf.io.ModelArtifacts));
        const x = images([0, 1]);
        const got = tf.tidy(() => Array.from(tf.softmax(model.predict(x) as tf.Tensor).dataSync()));
        got.forEach((value, i) => {
          expect(value).toBeCloseTo(sums[i]! / 3, 6);
        });
        x.dispose();
        model.dispose();
      }),
    ).toBe(0);
  });

  it('frees everything once, and refuses modules that do not fit', async () => {
    expect(
      await leak(() => {
        const net = tinyNet();
        net.dispose();
        net[Symbol.dispose]();
        expect(net.disposed).toBe(true);
      }),
    ).toBe(0);
    const net = tinyNet();
    const { trunk, heads } = net;
    expect(() => new TriNet(trunk, [heads[0]!, heads[1]!, heads[0]!], 3)).toThrow(/head 3 shares weights/);
    expect(() => new TriNet(trunk, [heads[0]!, heads[1]!, trunk], 3)).toThrow(ModuleError);
    expect(() => new TriNet(trunk, heads.slice(1), 3)).toThrow(ModuleError);
    expect(() => new TriNet(trunk, heads, 4)).toThrow(/head 1: expected logits \[B, 4\]/);
    expect(() => new TriNet(heads[0]!, [trunk, heads[1]!, heads[2]!], 3)).toThrow(/head 1: expected inputs \[B, 3\]/);
    net.dispose();
  });
});

describe('labelling a pool', () => {
  it('is the vote of the other two heads, in inference mode', async () => {
    const net = await readyNet();
    const indices = Int32Array.of(1, 3, 4, 8, 9, 15, 19);
    for (const head of headNumbers) {
      const options = { head, threshold: 0.4, indices, batchSize: 3 };
      const labels = await labelPool(net, data, options);
      const atOnce = await labelPool(net, data, { ...options, batchSize: 256 });
      expect([atOnce.indices, atOnce.labels]).toEqual([labels.indices, labels.labels]);
      const { headProbabilities } = await net.evaluate(data, { indices });
      const [j, h] = headNumbers.filter((each) => each !== head).map((each) => headProbabilities[each - 1]!);
      const votes = voteLabels(j!, h!, { classes: 3, threshold: 0.4 });
      expect([...labels.indices]).toEqual(Array.from(votes.accepted, (row) => indices[row]));
      expect(labels.labels).toEqual(votes.labels);
      expect(labels.indices.length).toBeGreaterThan(0);
    }
    net.dispose();
  });

  it('never asks the head itself, unless it labels for itself', async () => {
    const net = await readyNet();
    const options = { head: 2 as HeadNumber, threshold: 0.4 };
    const before = await labelPool(net, data, options);
    const self = await labelPool(net, data, { ...options, labelers: 'self' });
    net.head(2).setWeights(
      net
        .head(2)
        .getWeights()
        .map((weight) => weight.mul(-3)),
    );
    expect(await labelPool(net, data, options)).toEqual(before);
    expect(await labelPool(net, data, { ...options, labelers: 'self' })).not.toEqual(self);
    net.dispose();
  });

  it('leaves no tensor, works on an empty pool, and refuses a fourth head', async () => {
    const net = tinyNet();
    expect(await leak(() => labelPool(net, data, { head: 1, threshold: 0.2 }))).toBe(0);
    const none = await labelPool(net, data, { head: 1, threshold: 0.2, indices: new Int32Array(0) });
    expect([none.indices.length, none.labels.length, none.confidence.length]).toEqual([0, 0, 0]);
    await expect(labelPool(net, data, { head: 4 as HeadNumber, threshold: 0.2 })).rejects.toThrow(OptionError);
    net.dispose();
  });
});

describe('editing a pool', () => {
  it('keeps everything without dropout', async () => {
    const net = await readyNet(tinyModules(0), 3);
    const labels = await labelPool(net, data, { head: 1, threshold: 0 });
    expect(labels.indices.length).toBeGreaterThan(0);
    const { kept, removed } = await editPool(net, data, labels, { head: 1, passes: 6 });
    expect(kept).toEqual({ ...labels, mismatches: new Int32Array(labels.indices.length) });
    expect(removed.indices).toHaveLength(0);
    net.dispose();
  });

  it('asks both labelling heads in every pass', async () => {
    const net = await readyNet(tinyModules(0), 2);
    const all = Int32Array.from({ length: 20 }, (_, i) => i);
    const labels = { indices: all, labels: all.map((i) => i % 3), confidence: new Float32Array(20) };
    const { headProbabilities } = await net.evaluate(data);
    const [first, second] = [headProbabilities[0]!, headProbabilities[2]!];
    expect(headDisagreement((await net.evaluate(data)).headClasses).pairs[1]).toBeGreaterThan(0);
    for (const count of ['mean', 'either', 'sum'] as const) {
      // Without dropout all passes are alike.
      const once = countLabelerMismatches(first, second, labels.labels, { classes: 3, count });
      const { kept, removed } = await editPool(net, data, labels, { head: 2, passes: 4, count });
      for (const { indices, mismatches } of [kept, removed]) {
        expect([...mismatches]).toEqual(Array.from(indices, (index) => 4 * once[index]!));
      }
    }
    net.dispose();
  });

  it('parts a pool by how often K passes with dropout differ, pass by pass', async () => {
    const net = await readyNet(tinyModules(0.5), 3);
    const all = Int32Array.from({ length: 20 }, (_, i) => i);
    const labels = { indices: all, labels: all.map((i) => i % 3), confidence: new Float32Array(20) };
    const before = netWeights(net);
    const options = { head: 3 as HeadNumber, passes: 7, keepPredictions: true, batchSize: 6 };
    const { kept, removed } = await editPool(net, data, labels, options);
    expect(netWeights(net)).toEqual(before);
    expect(kept.indices.length).toBeGreaterThan(0);
    expect(removed.indices.length).toBeGreaterThan(0);
    expect([...kept.indices, ...removed.indices].sort((a, b) => a - b)).toEqual([...all]);
    for (const [part, isKept] of [
      [kept, true],
      [removed, false],
    ] as const) {
      part.indices.forEach((index, i) => {
        expect(part.labels[i]).toBe(index % 3);
        const passes = [...part.predictions!.subarray(7 * i, 7 * (i + 1))];
        const k = passes.filter((each) => each !== index % 3).length;
        expect([part.mismatches[i], 3 * k <= 7]).toEqual([k, isKept]);
      });
    }
    // The next passes draw other masks.
    const again = await editPool(net, data, labels, options);
    const mismatches = ({ kept: a, removed: b }: typeof again) => [...a.mismatches, ...b.mismatches].join();
    expect(mismatches(again)).not.toBe(mismatches({ kept, removed }));
    net.dispose();
  });

  it('does as many trunk passes as there are chunks times K, leaves no tensor and no statistics', async () => {
    const net = tinyNet({ trunk: normalisedFeatures });
    const apply = net.trunk.apply.bind(net.trunk);
    const rows: number[] = [];
    net.trunk.apply = (x, kwargs) => {
      rows.push((x as tf.Tensor).shape[0]!);
      return apply(x, kwargs);
    };
    const all = Int32Array.from({ length: 20 }, (_, i) => i);
    const labels = { indices: all, labels: all.map(() => 0), confidence: new Float32Array(20) };
    const before = netWeights(net);
    expect(await leak(() => editPool(net, data, labels, { head: 1, passes: 4, batchSize: 8 }))).toBe(0);
    expect(rows).toEqual([8, 8, 8, 8, 8, 8, 8, 8, 4, 4, 4, 4]);
    expect(netWeights(net)).toEqual(before);
    net.dispose();
  });

  it('counts strictly where asked, and does nothing for K = 0 or without labels', async () => {
    const net = await readyNet(tinyModules(0.5), 3);
    const all = Int32Array.from({ length: 20 }, (_, i) => i);
    const labels = { indices: all, labels: all.map((i) => i % 3), confidence: new Float32Array(20) };
    const total = async (count: 'mean' | 'either' | 'sum') => {
      for (const layer of net.layers.flatMap(({ layers }) => layers)) if ('draws' in layer) layer.draws = 0;
      const { kept, removed } = await editPool(net, data, labels, { head: 1, count });
      return [...kept.mismatches, ...removed.mismatches].reduce((a, b) => a + b, 0);
    };
    const [either, sum] = [await total('either'), await total('sum')];
    expect(sum).toBeGreaterThan(either);
    expect(await total('mean')).toBeLessThanOrEqual(sum);
    const { kept, removed } = await editPool(net, data, labels, { head: 1, passes: 0 });
    expect([kept.indices.length, removed.indices.length]).toEqual([20, 0]);
    const none = selectPseudoLabels(labels, []);
    expect((await editPool(net, data, none, { head: 1, keepPredictions: true })).kept.predictions).toHaveLength(0);
    await expect(editPool(net, data, labels, { head: 1, passes: -1 })).rejects.toThrow(OptionError);
    await expect(editPool(net, data, labels, { head: 1, batchSize: 0 })).rejects.toThrow(OptionError);
    await expect(editPool(net, data, labels, { head: 0 as HeadNumber })).rejects.toThrow(OptionError);
    net.dispose();
  });
});

describe('the phases, by hand', () => {
  const labeled = blobs({ length: 12, seed: 3 });
  const common = { labeled, length: { steps: 2 }, batchSize: 6 } as const;

  it.each(headNumbers)(
    'head %i trains itself, head 1 the trunk as well; moving statistics only where they are trained',
    async (head) => {
      const net = tinyNet({ trunk: normalisedFeatures });
      const optimizer = sgd({ learningRate: 0.1 });
      const before = netWeights(net);
      const pseudoLabels = { indices: Int32Array.of(0, 5), labels: Int32Array.of(1, 2) };
      const { steps } = await trainHead({
        ...common,
        net,
        head,
        unlabeled: data,
        pseudoLabels,
        optimizer,
        rng: createRng(1),
      });
      expect(steps).toBe(2);
      const moved = netWeights(net).map((model, i) => JSON.stringify(model) !== JSON.stringify(before[i]));
      expect(moved).toEqual([head === 1, head === 1, head === 2, head === 3]);
      optimizer.dispose();
      net.dispose();
    },
  );

  it('joint training moves everything, each head by its own targets', async () => {
    const train = async (change: boolean) => {
      const net = tinyNet(tinyModules(0));
      const optimizer = sgd({ learningRate: 0.1 });
      const targets = smearLabels(labeled.labels, { classes: 3, std: 0, noise: new Float32Array(3 * 12 * 3) });
      if (change) targets.copyWithin(36 + 3, 36, 72 - 3);
      await trainOnSmearedLabels({ ...common, length: { steps: 1 }, net, targets, optimizer, rng: createRng(1) });
      const weights = netWeights(net);
      optimizer.dispose();
      net.dispose();
      return weights;
    };
    const start = tinyNet(tinyModules(0));
    const plain = await train(false);
    netWeights(start).forEach((model, i) => {
      expect(plain[i]).not.toEqual(model);
    });
    start.dispose();
    // With other targets for head 2, one step moves trunk and head 2 otherwise, heads 1 and 3 alike.
    const same = (await train(true)).map((model, i) => JSON.stringify(model) === JSON.stringify(plain[i]));
    expect(same).toEqual([false, true, false, true]);
  });

  it('refuses targets and pseudo-labels that do not fit', async () => {
    const net = tinyNet();
    const optimizer = sgd({ learningRate: 0.1 });
    const rest = { ...common, net, optimizer, rng: createRng(1) };
    await expect(trainOnSmearedLabels({ ...rest, targets: new Float32Array(5) })).rejects.toThrow(ShapeError);
    const head = (labels: number[], extra = {}) =>
      trainHead({
        ...{ ...rest, head: 1, unlabeled: data, ...extra },
        pseudoLabels: { indices: Int32Array.of(0), labels: Int32Array.from(labels) },
      });
    await expect(head([3])).rejects.toThrow(LabelsError);
    await expect(head([0, 1])).rejects.toThrow(ShapeError);
    await expect(head([0], { head: 5 })).rejects.toThrow(OptionError);
    await expect(head([0], { labeledFraction: 0 })).rejects.toThrow(OptionError);
    await expect(head([0], { length: { steps: 0 } })).rejects.toThrow(OptionError);
    optimizer.dispose();
    net.dispose();
  });
});
