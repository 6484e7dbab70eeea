import { describe, expect, it } from '@jest/globals';
import { withoutDraws } from '../../test/without-draws.js';
import { convLarge } from './backbones/conv-large.js';
import { denseNet } from './backbones/dense-net.js';
import { type ResNetOptions, resNet } from './backbones/res-net.js';
import { wideResNet } from './backbones/wide-res-net.js';
import { floatingPointOperations } from './floating-point-operations.js';
import type { ModelFactory } from './model-factory.js';
import { parameterCount } from './parameter-count.js';

const CIFAR = [32, 32, 3];
const IMAGENET = [224, 224, 3];

/** Parameters and multiply-adds. */
function counts(factory: ModelFactory, inputShape: readonly number[], classes: number): [number, number] {
  const model = withoutDraws(() => factory({ seed: 1, inputShape, classes }));
  const result: [number, number] = [parameterCount(model), floatingPointOperations(model) / 2];
  model.dispose();
  return result;
}

/** In millions, rounded to the digits that a paper prints. */
function millions(value: number, digits: number): number {
  return Number((value / 1e6).toFixed(digits));
}

describe('published sizes', () => {
  it.each<[ResNetOptions['depth'], number, number]>([
    // Parameters and multiply-adds that torchvision lists: 1.81, 3.66 and 4.09 thousand million.
    [18, 11_689_512, 1_814],
    [34, 21_797_672, 3_664],
    [50, 25_557_032, 4_089],
  ])('of ResNet-%d on ImageNet', (depth, parameters, multiplyAdds) => {
    const [weights, operations] = counts(resNet({ depth }), IMAGENET, 1000);
    expect(weights).toBe(parameters);
    expect(millions(operations, 0)).toBe(multiplyAdds);
  });

  it('of ResNet-18 on CIFAR-10: 0.56 thousand million multiply-adds', () => {
    const [weights, operations] = counts(resNet({ depth: 18, stem: 'cifar' }), CIFAR, 10);
    expect(weights).toBe(11_173_962);
    expect(Math.round(operations / 1e7)).toBe(56);
  });

  it.each([
    // Zagoruyko and Komodakis, tables 3 and 4.
    [40, 1, 0.6],
    [40, 2, 2.2],
    [40, 4, 8.9],
    [28, 10, 36.5],
    [16, 8, 11],
    [22, 8, 17.2],
  ])('of WRN-%d-%d: %d million parameters', (depth, width, printed) => {
    expect(millions(counts(wideResNet({ depth, width }), CIFAR, 10)[0], 1)).toBe(printed);
  });

  it('of WRN-28-10: 5.2 thousand million multiply-adds', () => {
    const [weights, operations] = counts(wideResNet({ depth: 28, width: 10 }), CIFAR, 10);
    expect(weights).toBe(36_479_194);
    expect(Math.round(operations / 1e8)).toBe(52);
  });

  it.each([
    // Born-Again Networks, table 1; its numbers are those of 100 classes.
    [1, 375_348, 0.38],
    [2, 1_479_220, 1.48],
    [5, 9_161_524, 9.16],
  ])('of WRN-28-%d at 100 classes: %d parameters', (width, parameters, printed) => {
    const [weights] = counts(wideResNet({ depth: 28, width }), CIFAR, 100);
    expect(weights).toBe(parameters);
    expect(millions(weights, 2)).toBe(printed);
  });

  it.each([
    // Huang et al., table 2.
    [100, 12, 769_162, 0.8],
    [190, 40, 25_624_430, 25.6],
    [250, 24, 15_324_406, 15.3],
  ])('of DenseNet-BC-%d-%d: %d parameters', (depth, growthRate, parameters, printed) => {
    const [weights] = counts(denseNet({ depth, growthRate }), CIFAR, 10);
    expect(weights).toBe(parameters);
    expect(millions(weights, 1)).toBe(printed);
  });

  it('of DenseNet-BC-100-12: 0.29 thousand million multiply-adds', () => {
    expect(Math.round(counts(denseNet({ depth: 100, growthRate: 12 }), CIFAR, 10)[1] / 1e7)).toBe(29);
  });

  it.each([
    // Born-Again Networks, table 1, does not say how its blocks are cut; see denseNet.
    [106, 33, 6_270_851, 6.3, 0.05],
    [112, 33, 6_892_786, 6.3, 0.6],
    [90, 60, 15_547_810, 16.1, 0.6],
    [80, 80, 22_748_490, 22.4, 0.4],
    [80, 120, 51_085_930, 50.4, 0.7],
  ])('of DenseNet-%d-%d: %d parameters, near the %d million of Born-Again Networks', (...row) => {
    const [depth, growthRate, parameters, printed, tolerance] = row;
    const [weights] = counts(denseNet({ depth, growthRate }), CIFAR, 10);
    expect(weights).toBe(parameters);
    expect(Math.abs(weights / 1e6 - printed)).toBeLessThan(tolerance);
  });

  it('of the 13-layer network: 3.1 million parameters', () => {
    const [weights, operations] = counts(convLarge(), CIFAR, 10);
    const kernels = 9 * (3 * 128 + 2 * 128 ** 2 + 128 * 256 + 2 * 256 ** 2 + 256 * 512) + 512 * 256 + 256 * 128;
    expect(weights).toBe(kernels + 2 * (3 * 128 + 3 * 256 + 512 + 256 + 128) + 128 * 10 + 10);
    expect(weights).toBe(3_121_802);
    const positions = [32 * 32 * 9 * (3 * 128 + 2 * 128 ** 2), 16 * 16 * 9 * (128 * 256 + 2 * 256 ** 2)];
    const last = 6 * 6 * (9 * 256 * 512 + 512 * 256 + 256 * 128) + 1280;
    expect(operations).toBe(positions[0]! + positions[1]! + last);
  });
});
