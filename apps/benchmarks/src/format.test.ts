import { describe, expect, it } from '@jest/globals';
import {
  asHeading,
  count,
  formatBytes,
  formatDuration,
  formatExact,
  formatNumber,
  formatSigned,
  formatSignificant,
  rangeDigits,
  sharedDecimals,
} from './format.js';

describe('formatNumber', () => {
  it.each([
    [87.2456, '87.2'],
    [0.061234, '0.0612'],
    [-1.5, '−1.50'],
    [54666, '54,666'],
    [-3, '−3'],
    [0, '0'],
    [0.00001234, '1.2e−5'],
    [null, '–'],
    [Number.NaN, '–'],
    [Number.NEGATIVE_INFINITY, '−∞'],
  ])('shows %p as %s', (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });

  it('never shows a negative zero', () => {
    expect(formatNumber(-0.001, 2)).toBe('0.00');
    expect(formatSigned(-0.001)).toBe('0.00');
    expect(formatSigned(0.001)).toBe('0.00');
  });
});

describe('formatSignificant', () => {
  it.each([
    [0.207, '0.207'],
    [0.00020189, '0.000202'],
    [-0.029371, '−0.0294'],
    [13.416, '13.4'],
    [9.996, '10.0'],
    [1234.5, '1,235'],
    [4, '4'],
    [2.5e-7, '2.50e−7'],
    [1e-15, '0'],
    [-0, '0'],
  ])('shows %p as %s', (value, text) => {
    expect(formatSignificant(value)).toBe(text);
  });
});

describe('rangeDigits', () => {
  it('is as large as it takes to tell the ends apart, and no larger', () => {
    expect(rangeDigits(0.0002, 0.0028)).toBe(3);
    expect(rangeDigits(25.01, 25.04)).toBe(4);
    expect(rangeDigits(0.266, 0.271, 2)).toBe(3);
    expect(rangeDigits(4, 4.004)).toBe(4);
    expect(rangeDigits(11.6130653, 11.6130653)).toBe(3);
  });
});

describe('asHeading', () => {
  it('begins with a capital, but for names', () => {
    expect(asHeading('handwritten digits, 50 labels')).toBe('Handwritten digits, 50 labels');
    for (const name of ['mAP of every arm', 'sdh@32 against itq', 't-SNE of the test images', '48 bits', 'Titled']) {
      expect(asHeading(name)).toBe(name);
    }
  });
});

describe('formatSigned', () => {
  it('always shows the sign of a difference', () => {
    expect(formatSigned(0.3)).toBe('+0.30');
    expect(formatSigned(-0.3)).toBe('−0.30');
    expect(formatSigned(null)).toBe('–');
  });
});

describe('sharedDecimals', () => {
  it('keeps differences visible and drops common zeros', () => {
    expect(sharedDecimals([87.27, 87.31, 88.36])).toBe(2);
    expect(sharedDecimals([0.062, 0.058])).toBe(3);
    expect(sharedDecimals([1, 2, 3])).toBe(0);
    expect(sharedDecimals([])).toBe(0);
    expect(sharedDecimals([0.5, Number.NaN])).toBe(1);
  });
});

describe('other formats', () => {
  it('are for reading', () => {
    expect(formatExact(-0.3)).toBe('−0.3');
    expect(formatExact(0.1 + 0.2)).toBe('0.3');
    expect([formatDuration(4.21), formatDuration(41), formatDuration(4310), formatDuration(7500)]).toEqual([
      '4.2 s',
      '41 s',
      '72 min',
      '2 h 05 min',
    ]);
    expect([formatBytes(0), formatBytes(812e6), formatBytes(1.25e9)]).toEqual(['0 B', '812 MB', '1.3 GB']);
    expect([count(1, 'seed'), count(5, 'seed')]).toEqual(['1 seed', '5 seeds']);
  });
});
