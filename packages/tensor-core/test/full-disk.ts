// Writes a small checkpoint and then one that is larger than the limit on file sizes (ulimit -f) allows: FOLDER SMALL LARGE, in bytes.
import { checkpointFolder } from '../src/train/checkpoint/checkpoint-folder.js';

const [folder, small, large] = process.argv.slice(2) as [string, string, string];
const store = checkpointFolder(folder);
await store.write('last', new Uint8Array(Number(small)).fill(7));
const error = await store.write('last', new Uint8Array(Number(large)).fill(8)).catch((thrown: unknown) => thrown);
const { code, message } = error as { code: string; message: string };
process.stdout.write(JSON.stringify({ code, message, cause: ((error as Error).cause as { code: string }).code }));
