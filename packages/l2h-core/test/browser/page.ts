import { type Work, work } from './work.js';

Object.assign(globalThis, { work: (options: Work) => work(options) });
