export { type WorkerBatchesOptions, workerBatches } from './batches-in-workers.js';
export { BatchWorkerError, BatchWorkers, type BatchWorkersOptions } from './batches-workers.js';
export { checkpointFolder } from './checkpoint/checkpoint-folder.js';
export { type JsonLinesOptions, jsonLines, LogFileError } from './log/json-lines.js';
export type { LogWarning } from './log/log-file.js';
export { type ProgressBarOptions, type ProgressStream, progressBar } from './log/progress-bar.js';
export { type TensorBoardOptions, type TensorBoardSink, tensorBoard } from './log/tensor-board.js';
