import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

// npm's `node` package brings the binary of each version.
const versions = ['20', '22', '24'];
const packageFolder = join(__dirname, '..');
const runner = join(packageFolder, 'node_modules', 'jest', 'bin', 'jest.js');
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'node-versions-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(versions)('Node %s', (version) => {
  const prefix = () => join(folder, version);
  const node = () => join(prefix(), 'node_modules', 'node', 'bin', 'node');
  const env = { ...process.env, npm_config_update_notifier: 'false' };

  it('can be had', () => {
    execFileSync('npm', ['install', '--prefix', prefix(), '--no-save', '--no-audit', '--no-fund', `node@${version}`], {
      env,
    });
    expect(execFileSync(node(), ['--version']).toString()).toMatch(new RegExp(`^v${version}\\.`));
  });

  it('runs doctor, which finds an engine that passes its self-test', () => {
    const report = execFileSync(node(), [join(packageFolder, 'install', 'cli.mjs'), 'doctor'], {
      cwd: packageFolder,
      env: { ...env, TENSOR_PAPERS_ENGINE: 'auto' },
    }).toString();
    expect(report).toMatch(new RegExp(`^node +${version}\\.`, 'm'));
    expect(report).toMatch(/^runs +tensorflow 2\.18\.1/m);
    expect(report).toMatch(/^self-test +passed/m);
    console.info(report);
  });

  it("passes the engine's tests", () => {
    const result = join(prefix(), 'result.json');
    execFileSync(node(), [runner, 'src', '--json', `--outputFile=${result}`, '--reporters=default'], {
      cwd: packageFolder,
      env,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(result, 'utf8'));
    expect(numFailedTests).toBe(0);
    expect(numPassedTests).toBeGreaterThan(150);
  });
});
