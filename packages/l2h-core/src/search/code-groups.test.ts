import { expect, it } from '@jest/globals';
import { bitsOf, clusteredCodes, codesOf, randomCodes } from '../../test/codes.js';
import { CodeGroups } from './code-groups.js';
import { StoredCodes } from './stored-codes.js';

const wordsOfCode = (groups: CodeGroups, group: number) =>
  groups.words.subarray(group * groups.perCode, (group + 1) * groups.perCode);

function membersOf(groups: CodeGroups, group: number): number[] {
  const members: number[] = [];
  groups.forEachMember(group, (position) => members.push(position) > 0);
  return members;
}

it.each([7, 32, 33, 64, 65, 130])('holds equal codes together, once, in ascending positions: %i bits', (bits) => {
  const store = new StoredCodes(bits);
  const codes = clusteredCodes(400, bits, 1, 3);
  // Copies of some codes.
  codes.words.copyWithin(0, Math.ceil(codes.words.length / 2));
  store.add(codes);
  store.remove([5, 399]);
  const groups = new CodeGroups(bits);
  groups.build(store);
  const expected = new Map<string, number[]>();
  for (let i = 0; i < 400; i++) {
    if (i !== 5 && i !== 399) expected.set(bitsOf(codes, i), [...(expected.get(bitsOf(codes, i)) ?? []), i]);
  }
  const held = Array.from({ length: groups.count }, (_, group): [string, number[]] => [
    bitsOf({ n: 1, bits, words: wordsOfCode(groups, group) }, 0),
    membersOf(groups, group),
  ]);
  expect(held).toHaveLength(expected.size);
  expect(new Map(held)).toEqual(expected);
});

it('puts codes with the same first bits next to each other', () => {
  const store = new StoredCodes(64);
  store.add(randomCodes(5000, 64, 1));
  const groups = new CodeGroups(64);
  groups.build(store);
  const first = Array.from({ length: groups.count }, (_, group) => wordsOfCode(groups, group)[0]! & 0xff);
  expect(first).toEqual(first.toSorted((a, b) => a - b));
});

it('takes more codes one by one', () => {
  const store = new StoredCodes(40);
  const groups = new CodeGroups(40);
  store.add(codesOf(['1'.repeat(40), '0'.repeat(40), '1'.repeat(40)]));
  groups.build(store);
  expect(groups.count).toBe(2);
  store.add(codesOf(['1'.repeat(40)]));
  groups.add(store, 3);
  expect(groups.count).toBe(3);
  expect(membersOf(groups, 2)).toEqual([3]);
  const found: number[][] = [];
  groups.forEachWithin(wordsOfCode(groups, 2), [0, 1, 2], 0, 3, 0, (group, distance) => {
    found.push([distance, ...membersOf(groups, group)]);
    return 0;
  });
  expect(found.toSorted((a, b) => a.length - b.length)).toEqual([
    [0, 3],
    [0, 0, 2],
  ]);
});
