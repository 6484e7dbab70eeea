import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const script = join(__dirname, '..', 'scripts', 'pytorch_reference.py');
const onWindows = process.platform === 'win32';

/**
 * A Python with PyTorch and safetensors: the one that TENSOR_PAPERS_PYTHON names, else a new virtual environment in `folder`.
 *
 * @returns runs `pytorch_reference.py` with arguments and gives what it prints
 */
export function referencePython(folder: string): (...args: string[]) => string {
  let python = process.env.TENSOR_PAPERS_PYTHON;
  if (!python) {
    const environment = join(folder, 'python');
    python = join(environment, ...(onWindows ? ['Scripts', 'python.exe'] : ['bin', 'python']));
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
    try {
      execFileSync(onWindows ? 'python' : 'python3', ['-m', 'venv', environment]);
      // PyTorch first and alone: together with others pip may choose a build for graphics cards.
      execFileSync(python, [...pip, 'torch==2.13.0']);
      execFileSync(python, [...pip, 'safetensors==0.8.0', 'numpy']);
    } catch (error) {
      throw new Error(
        'no Python with PyTorch could be made (python3 -m venv, pip); name one that has torch, safetensors and numpy with TENSOR_PAPERS_PYTHON',
        { cause: error },
      );
    }
  }
  return (...args) => execFileSync(python, [script, ...args], { encoding: 'utf8' });
}
