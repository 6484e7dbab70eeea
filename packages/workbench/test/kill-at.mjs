// Loaded before the papers command: kills it right before the KILL_TIMES-th change of a file below the working folder that the pattern
// KILL_AT fits, as `WHAT PATH`. A file is written in two halves.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const at = new RegExp(process.env.KILL_AT);
let left = Number(process.env.KILL_TIMES);

function step(what, path) {
  if (at.test(`${what} ${path}`)) left -= 1;
  if (left === 0) process.kill(process.pid, 'SIGKILL');
}

for (const name of ['mkdirSync', 'renameSync', 'rmdirSync', 'rmSync', 'writeFileSync']) {
  const original = fs[name];
  fs[name] = (path, ...rest) => {
    if (String(path).startsWith(process.cwd())) {
      step(name, path);
      if (name === 'writeFileSync') {
        original(path, rest[0].slice(0, rest[0].length / 2));
        step('half', path);
      }
    }
    return original(path, ...rest);
  };
}
syncBuiltinESMExports();
