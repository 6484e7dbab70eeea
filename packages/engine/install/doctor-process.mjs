// What doctor.mjs starts: <url of the package's module> [--json]
const [url, flag] = process.argv.slice(2);
try {
  const { doctor, formatDoctor } = await import(url);
  const report = await doctor();
  console.log(flag === '--json' ? JSON.stringify(report, null, 2) : formatDoctor(report));
} catch (error) {
  console.error(`engine: the doctor failed: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
