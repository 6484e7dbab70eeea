import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('./conformance-engine.mjs', import.meta.url));

/** A kernel that does not come back is killed after this time. */
const patience = 120_000;

/** Runs the cases from `first` on until the process ends. `problem`: why it ended early. */
function runProcess({ module, name, stock, first }) {
  return new Promise((resolve) => {
    // As this process was started: from the sources or from the compiled package.
    const child = spawn(process.execPath, [...process.execArgv, program, module, String(first)], {
      env: { ...process.env, TENSOR_PAPERS_ENGINE: name, TENSOR_PAPERS_STOCK: stock ? '1' : '0' },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      // Errors may be infinite.
      serialization: 'advanced',
    });
    const heard = { results: [] };
    let complaint = '';
    let timer;
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        heard.problem = `no answer within ${patience / 1000} s`;
        child.kill('SIGKILL');
      }, patience);
    };
    wait();
    child.stderr.setEncoding('utf8').on('data', (text) => {
      complaint = (complaint + text).slice(-2000);
    });
    child.on('message', ({ result, ...rest }) => {
      wait();
      if (result) heard.results.push(result);
      Object.assign(heard, rest);
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      const said = complaint.trim().split('\n').at(-1);
      const ended = `the process ended (${signal ?? `exit code ${code}`})${said ? `: ${said}` : ''}`;
      resolve(heard.done ? heard : { ...heard, problem: heard.problem ?? ended });
    });
  });
}

/**
 * All cases on one engine, in a process of its own. A case that ends the process has failed, and a new process goes on after it.
 * `{ name, stock, version, results, failure? }`, the form that the table takes.
 */
export async function runEngine({ module, name, stock, cases }) {
  const results = [];
  let version = null;
  while (results.length < cases.length) {
    const { started, done, problem, results: more } = await runProcess({ module, name, stock, first: results.length });
    if (!started) return { name, stock, version, failure: problem, results };
    version = started.version;
    results.push(...more);
    if (done) break;
    const { id, op, gradients } = cases[results.length];
    const failed = { status: 'failed', message: problem };
    results.push({ id, op, forward: failed, gradient: gradients ? failed : null });
  }
  return { name, stock, version, results };
}
