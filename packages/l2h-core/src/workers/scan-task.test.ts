import { expect, it } from '@jest/globals';
import { randomCodes } from '../../test/codes.js';
import { FlatIndex } from '../search/flat-index.js';
import { StoredCodes } from '../search/stored-codes.js';
import { type Found, type ScanReply, type ScanTask, serveScans } from './scan-task.js';

const bits = 64;
const codes = randomCodes(70_000, bits, 1);
const queries = randomCodes(33, bits, 2);

/** A thread of its own, without a thread: what it answers to messages. */
function serving(store: StoredCodes): { ask(task: ScanTask): ScanReply } {
  let receive: (message: unknown) => void = () => {};
  const replies: ScanReply[] = [];
  serveScans(
    (given) => {
      receive = given;
    },
    (reply) => replies.push(reply),
  );
  receive({ bits, threads: 1, place: 1, wasm: store.memory.shared().wasm });
  return {
    ask(task) {
      receive(task);
      return replies.pop()!;
    },
  };
}

function taskOf(store: StoredCodes, more: Partial<ScanTask> = {}): ScanTask {
  return {
    id: 7,
    queries: queries.words,
    count: queries.n,
    wanted: { k: 5, ties: false },
    end: store.size,
    hasRemoved: false,
    allowed: undefined,
    taken: new Int32Array(new SharedArrayBuffer(8)),
    words: store.memory.shared().words,
    ...more,
  };
}

it.each(['wasm', 'js'] as const)('answers with what a flat index finds: %s', (kernel) => {
  const store = new StoredCodes(bits, { kernel, threads: 1 });
  store.add(codes);
  const { id, offsets, positions, distances } = serving(store).ask(taskOf(store)) as Found;
  expect(id).toBe(7);
  expect(offsets).toHaveLength(34);
  const flat = new FlatIndex({ bits });
  flat.add(codes);
  const expected = flat.search(queries, 5);
  for (let q = 0; q < queries.n; q++) {
    const found = Array.from({ length: offsets[q + 1]! - offsets[q]! }, (_, i) => offsets[q]! + i)
      .map((at) => ({ id: positions[at]!, distance: distances[at]! }))
      .sort((a, b) => a.distance - b.distance || a.id - b.id)
      .slice(0, 5);
    expect(found.map((each) => each.id)).toEqual([...expected.ids.subarray(5 * q, 5 * q + 5)]);
    expect(found.map((each) => each.distance)).toEqual([...expected.distances.subarray(5 * q, 5 * q + 5)]);
  }
});

it('leaves alone what others have taken, and counts only what is allowed', () => {
  const store = new StoredCodes(bits, { threads: 1 });
  store.add(codes);
  const thread = serving(store);
  const second = taskOf(store, { taken: new Int32Array(new SharedArrayBuffer(8)).fill(1) });
  const { positions } = thread.ask(second) as Found;
  expect(positions.length).toBeGreaterThanOrEqual(5 * 33);
  expect(Math.min(...positions)).toBeGreaterThanOrEqual(65_536);
  const allowed = new Uint32Array(Math.ceil(store.size / 32));
  allowed[2] = 0b1010;
  const some = thread.ask(taskOf(store, { allowed })) as Found;
  expect([...new Set(some.positions)].sort()).toEqual([65, 67]);
});

it('answers a task that fails with its error', () => {
  const store = new StoredCodes(bits, { threads: 1 });
  store.add(codes);
  const reply = serving(store).ask(taskOf(store, { taken: undefined as never }));
  expect(reply).toMatchObject({ id: 7, error: expect.anything() });
});
