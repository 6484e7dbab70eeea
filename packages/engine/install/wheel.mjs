import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InstallError } from './install-error.mjs';
import { lastLine, run } from './run.mjs';

/** Ways to start a Python that has pip, in order. uv brings both where the machine has neither. */
const candidates = [['python3'], ['python'], ['uv', 'run', '--no-project', '--with', 'pip', 'python']];

/** @throws InstallError engine/no-pip */
export async function findPython(env) {
  for (const [command, ...args] of candidates) {
    const { code } = await run(command, [...args, '-m', 'pip', '--version'], { env, timeoutSeconds: 60 });
    if (code === 0) return [command, ...args];
  }
  throw new InstallError('engine/no-pip', 'no python3 with pip found, and no uv');
}

const unpackScript = `
import os, sys, zipfile
wheel, target, libraries, prefixes = sys.argv[1], sys.argv[2], sys.argv[3].split(','), tuple(sys.argv[4].split(','))
found = set()
with zipfile.ZipFile(wheel) as archive:
    for info in archive.infolist():
        if info.is_dir():
            continue
        name = info.filename
        if name.startswith('tensorflow/') and os.path.basename(name) in libraries and name.count('/') == 1:
            path = os.path.join('deps', 'lib', os.path.basename(name))
            found.add(os.path.basename(name))
        elif name.startswith('tensorflow/include/') and name[len('tensorflow/include/'):].startswith(prefixes):
            path = os.path.join('include', name[len('tensorflow/include/'):])
        else:
            continue
        path = os.path.normpath(os.path.join(target, path))
        if not path.startswith(os.path.normpath(target) + os.sep):
            sys.exit('the wheel names a file outside its folder: ' + name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with archive.open(info) as source, open(path, 'wb') as out:
            while chunk := source.read(1 << 20):
                out.write(chunk)
missing = [name for name in libraries if name not in found]
if missing:
    sys.exit('the wheel does not hold ' + ', '.join(missing))
`;

/** How pip is told which wheels: those of Linux and so on, whatever Python it runs in. */
const pipTarget = ({ tag }) => [
  ...['--no-deps', '--only-binary=:all:', '--disable-pip-version-check', '--no-cache-dir', '--retries', '2'],
  ...['--python-version', '3.11', '--implementation', 'cp', '--abi', 'cp311', '--platform', tag],
];

/** @throws InstallError for what pip could not do */
function requireDone({ code, output }, what) {
  if (code === 0) return;
  if (/do not match the hashes|HASHES|mismatch/i.test(output)) {
    throw new InstallError(
      'engine/wrong-checksum',
      `the downloaded wheel of ${what} has another checksum than the pinned one; nothing was installed`,
    );
  }
  throw new InstallError('engine/download-failed', `pip download failed: ${lastLine(output)}`);
}

/**
 * Downloads the pinned wheel with the user's own pip, so that mirrors and proxies apply, and unpacks the shared libraries to
 * `deps/lib` and the C headers to `include`. The wheel itself is deleted.
 * @throws InstallError engine/no-pip, engine/wrong-checksum, engine/download-failed, engine/unpack-failed
 */
export async function unpackWheel(plan, folder, { env, log }) {
  const [python, ...prefix] = await findPython(env);
  const requirements = join(folder, 'requirements.txt');
  writeFileSync(requirements, `${plan.distribution}==${plan.version} --hash=sha256:${plan.sha256}\n`);
  log(`engine: fetching TensorFlow ${plan.version} (about 230 MB, once)`);
  const download = join(folder, 'download');
  const fetched = await run(
    python,
    [...prefix, '-m', 'pip', 'download', ...pipTarget(plan), '--require-hashes', '-r', requirements, '-d', download],
    { env, timeoutSeconds: 1800 },
  );
  requireDone(fetched, `${plan.distribution} ${plan.version}`);
  const wheel = readdirSync(download).find((name) => name.endsWith('.whl'));
  if (!wheel) throw new InstallError('engine/download-failed', 'pip download left no wheel');
  log('engine: unpacking');
  const unpacked = await run(
    python,
    [...prefix, '-c', unpackScript, join(download, wheel), folder, plan.libraries.join(','), plan.headers.join(',')],
    { env },
  );
  rmSync(download, { recursive: true, force: true });
  rmSync(requirements, { force: true });
  if (unpacked.code !== 0) {
    throw new InstallError('engine/unpack-failed', `unpacking the wheel failed: ${lastLine(unpacked.output)}`);
  }
  return plan.libraries.map((name) => `deps/lib/${name}`);
}

/**
 * Installs the wheels that a library needs beside it (CUDA) to `deps`.
 * @throws InstallError engine/no-pip, engine/wrong-checksum, engine/download-failed
 */
export async function installCompanions(plan, folder, { env, log }) {
  const [python, ...prefix] = await findPython(env);
  const requirements = join(folder, 'companions.txt');
  writeFileSync(requirements, `${plan.companions.join('\n')}\n`);
  log('engine: fetching CUDA and cuDNN (about 3 GB, once); this path was never run');
  const target = { ...plan, tag: 'manylinux2014_x86_64' };
  const installed = await run(
    python,
    [
      ...prefix,
      '-m',
      'pip',
      'install',
      ...pipTarget(target),
      '--require-hashes',
      '-r',
      requirements,
      '--target',
      join(folder, 'deps'),
    ],
    { env, timeoutSeconds: 3600 },
  );
  rmSync(requirements, { force: true });
  requireDone(installed, 'CUDA');
  return [];
}
