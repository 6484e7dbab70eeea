import type { MessagePort } from 'node:worker_threads';
import { type ImageTask, prepareImages } from './batches-prepare.js';

/** A batch's images to be prepared by a thread. */
export interface WorkerTask extends ImageTask {
  readonly id: number;
}

/** What a thread answers. */
export type WorkerReply =
  | { readonly id: number; readonly values: Float32Array<ArrayBuffer> }
  | { readonly id: number; readonly error: unknown };

function serveTask(port: MessagePort, task: WorkerTask): void {
  try {
    const values = prepareImages(task);
    port.postMessage({ id: task.id, values } satisfies WorkerReply, [values.buffer]);
  } catch (error) {
    port.postMessage({ id: task.id, error } satisfies WorkerReply);
  }
}

/** Answers the tasks that come in through a port, several in a message, one after the other. */
export function serveTasks(port: MessagePort): void {
  port.on('message', (tasks: readonly WorkerTask[]) => {
    for (const task of tasks) serveTask(port, task);
  });
}
