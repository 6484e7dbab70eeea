import type * as tf from '@tensorflow/tfjs';

export interface StepOptions {
  batch: number;
  /** Without the batch; default: what the model says. */
  inputShape?: number[];
  /** As model.compile() takes it. */
  loss?: unknown;
}

export declare function fileHandler(path: string): tf.io.IOHandler;
export declare function batchShape(shape: (number | null)[], batch: number, inputShape?: number[]): number[];
export declare function lossesOf(model: tf.LayersModel): string[];
export declare function trainingStep(model: tf.LayersModel, options: StepOptions): () => Promise<void>;
export declare function stepOf(model: string, options: { batch: number; from?: string }): Promise<() => unknown>;
