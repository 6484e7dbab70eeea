import { provision } from '../packages/engine/install/index.mjs';

/** The engine that this machine can have, installed if it is not there yet. Ends the process where the one asked for cannot be had. */
export async function provideEngine() {
  try {
    const { engine, reasons } = await provision({ env: process.env, log: (line) => console.error(line) });
    for (const reason of reasons) console.error(reason);
    return engine;
  } catch (error) {
    console.error(error.message);
    process.exit(error.exitCode ?? 1);
  }
}
