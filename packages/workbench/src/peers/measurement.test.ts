import { expect, it } from '@jest/globals';
import { PeerRunError } from './errors.js';
import { parseMeasurement } from './measurement.js';

const asked = { work: 'step', unit: 'ms', threads: 2 };
const line = {
  ...asked,
  peer: 'torch',
  version: '2.13.0',
  median: 1.5,
  best: 1,
  runs: 3,
  peakRssBytes: 100,
};

it('takes the last line of JSON', () => {
  const printed = `a warning\n${JSON.stringify({ ...line, median: 9 })}\n${JSON.stringify(line)}\nbye\n`;
  expect(parseMeasurement('theirs', printed, asked)).toMatchObject({ peer: 'torch', median: 1.5 });
  expect(parseMeasurement('ours', JSON.stringify({ ...line, threads: null }), asked).threads).toBeNull();
});

it.each([
  ['', /step: theirs: printed no measurement/],
  ['{"peer": "tor', /what is no JSON/],
  [JSON.stringify({ ...line, median: 0 }), /field median: /],
  [JSON.stringify({ ...line, median: null }), /field median: /],
  [JSON.stringify({ ...line, work: 'stop' }), /measured stop/],
  [JSON.stringify({ ...line, unit: 's' }), /measured in s; expected ms/],
  [JSON.stringify({ ...line, threads: 16 }), /ran on 16 threads; expected 2/],
])('refuses %j', (printed, message) => {
  expect(() => parseMeasurement('theirs', printed, asked)).toThrow(PeerRunError);
  expect(() => parseMeasurement('theirs', printed, asked)).toThrow(message);
});
