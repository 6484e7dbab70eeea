export { type JsonLinesOptions, jsonLines, LogFileError } from './log/json-lines.js';
export { type ProgressBarOptions, type ProgressStream, progressBar } from './log/progress-bar.js';
