import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TrainOptionError } from '../errors.js';
import { checkpointFolder } from './checkpoint-folder.js';
import { CheckpointWriteError } from './errors.js';

const packageFolder = join(__dirname, '..', '..', '..');
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'checkpoints-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('checkpointFolder', () => {
  it('makes the folder, keeps one file a name, and gives back what was written', async () => {
    const inner = join(folder, 'runs', 'a');
    const store = checkpointFolder(inner);
    expect(await store.read('last')).toBeNull();
    await store.write('last', Uint8Array.of(1, 2));
    await store.write('best', Uint8Array.of(3));
    await store.write('last', Uint8Array.of(4, 5, 6));
    expect(readdirSync(inner).sort()).toEqual(['best.safetensors', 'last.safetensors']);
    expect(Array.from((await store.read('last'))!)).toEqual([4, 5, 6]);
  });

  it('keeps the one before when the disk is full in the middle of the next one', () => {
    const tsx = pathToFileURL(createRequire(join(packageFolder, 'package.json')).resolve('tsx')).href;
    const node = `'${process.execPath}' --conditions=@tensor-papers/source --import '${tsx}'`;
    const script = join(packageFolder, 'test', 'full-disk.ts');
    // Blocks of 1,024 bytes in bash.
    const printed = execFileSync('bash', ['-c', `ulimit -f 1024; ${node} '${script}' '${folder}' 1000 2000000`]);
    const { code, message, cause } = JSON.parse(printed.toString());
    expect([code, cause]).toEqual(['train/checkpoint-write', 'EFBIG']);
    expect(message).toContain('the one before is still there');
    expect(readdirSync(folder)).toEqual(['last.safetensors']);
    expect(readFileSync(join(folder, 'last.safetensors'))).toEqual(Buffer.alloc(1000, 7));
  });

  it('says what is wrong with the place, and takes over what a killed process left', async () => {
    const store = checkpointFolder(folder);
    writeFileSync(join(folder, 'last.safetensors.part'), 'half a file that is longer');
    await store.write('last', Uint8Array.of(1));
    expect(readdirSync(folder)).toEqual(['last.safetensors']);
    mkdirSync(join(folder, 'best.safetensors'));
    await expect(store.write('best', Uint8Array.of(1))).rejects.toBeInstanceOf(CheckpointWriteError);
    await expect(store.read('best')).rejects.toThrow('EISDIR');
    writeFileSync(join(folder, 'file'), '');
    await expect(checkpointFolder(join(folder, 'file')).write('last', Uint8Array.of(1))).rejects.toThrow(
      /cannot write the checkpoint .*give a folder that is writable/,
    );
  });

  it.each(['', '../last', 'a/b', '.hidden', 'a b'])("refuses the name '%s'", async (name) => {
    await expect(checkpointFolder(folder).write(name, new Uint8Array(0))).rejects.toBeInstanceOf(TrainOptionError);
  });
});
