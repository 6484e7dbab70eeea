import { once } from 'node:events';
import { MessageChannel } from 'node:worker_threads';
import { expect, it } from '@jest/globals';
import { prepareImages } from './batches-prepare.js';
import { serveTasks, type WorkerReply } from './batches-worker-task.js';

it('serveTasks answers each task of a message in order, an error in its place', async () => {
  const { port1, port2 } = new MessageChannel();
  try {
    serveTasks(port2);
    const shape = [1, 2, 2, 1] as const;
    const augment = { augmentation: [], rng: { path: 'no state', generator: [] } };
    const bytes = Uint8Array.of(0, 51, 102, 255);
    port1.postMessage([
      { id: 4, bytes, shape },
      { id: 5, bytes, shape, augment },
      { id: 6, bytes, shape },
    ]);
    const replies: WorkerReply[] = [];
    while (replies.length < 3) replies.push((await once(port1, 'message'))[0]);
    const values = prepareImages({ bytes, shape });
    expect(values).toEqual(Float32Array.of(0, 0.2, 0.4, 1));
    expect(replies.filter((_, i) => i !== 1)).toEqual([
      { id: 4, values },
      { id: 6, values },
    ]);
    expect(replies[1]).toMatchObject({ id: 5, error: { message: expect.stringContaining('restore(state)') } });
  } finally {
    port1.close();
  }
});
