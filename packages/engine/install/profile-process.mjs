// What cli.mjs starts: <url of the package's module> <what is asked, as JSON>
import { stepOf } from './profile-model.mjs';

const warmUps = 3;
const [url, asked] = process.argv.slice(2);
const { model, batch, steps, rows, json } = JSON.parse(asked);

/** What one of several steps cost. */
function ofOneStep({ milliseconds, outsideMilliseconds, kernels }) {
  return {
    milliseconds: milliseconds / steps,
    outsideMilliseconds: outsideMilliseconds / steps,
    kernels: kernels.map((cost) => ({
      kernel: cost.kernel,
      calls: Math.round((10 * cost.calls) / steps) / 10,
      milliseconds: cost.milliseconds / steps,
    })),
  };
}

try {
  const { describeEngine, formatProfile, profile, useEngine } = await import(url);
  const engine = await useEngine({ log: () => {} });
  const step = await stepOf(model, { batch });
  const run = async (times) => {
    for (let i = 0; i < times; i++) await step();
  };
  await run(warmUps);
  const measured = ofOneStep(await profile(() => run(steps)));
  if (json) console.log(JSON.stringify({ model, engine, batch, steps, ...measured }, null, 2));
  else {
    console.log(describeEngine(engine));
    console.log(`one training step of ${model}: mean of ${steps}, after ${warmUps} that are not counted\n`);
    console.log(formatProfile(measured, rows));
  }
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  console.error(message.startsWith('engine: ') ? message : `engine: the profile failed: ${message}`);
  process.exitCode = 1;
}
