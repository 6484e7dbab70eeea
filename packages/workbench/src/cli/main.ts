import { papers } from './papers.js';

process.exitCode = await papers(process.argv.slice(2));
