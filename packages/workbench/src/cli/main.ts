import { papers } from './papers.js';

// Nobody hears us any more, or the disk is full. Progress can be missed; data cannot, and whoever asked for it hears that from the code.
process.stderr.on('error', () => {});
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.stderr.write(`papers: standard output cannot be written (${error.code ?? error.message})\n`);
  process.exitCode = 1;
});

const code = await papers(process.argv.slice(2));
process.exitCode ||= code;
