#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runDoctor, runProgram } from './doctor.mjs';
import { askedEngine, engineCache, engineNames, InstallError, listedPlan, provision } from './index.mjs';
import { installedVersion } from './link.mjs';
import { nearestName } from './nearest-name.mjs';

const help = `usage: engine <verb> [flags]

verbs
  install            provide the engine: TensorFlow's library where possible, otherwise say what is used instead
  doctor             what is installed, what runs, what is repaired, how fast, advice
  conformance        forward and gradient of the operations against float64, on each engine, repaired and stock
  profile MODEL      time and number of calls of each kernel of a training step. MODEL: the model.json of a layers model, or a
                     module (.mjs, .cjs, .js, .ts) that exports step(), or model and where wanted inputShape and loss

flags of every verb
  --engine NAME      auto (default), tensorflow, wasm, webgpu, webgl, cpu (as TENSOR_PAPERS_ENGINE)
  --cache DIR        the per-user cache (as TENSOR_PAPERS_CACHE)
  --help, --version

flags of install
  --reinstall        check every byte of the cached engine and install it again; a sound one stays until the new one is complete
  --dry-run          print what would be fetched, and where it would lie
  --platform P       with --dry-run: for another platform (linux, darwin, win32)
  --arch A           with --dry-run: for another processor (x64, arm64)
  --cuda             TensorFlow's library for NVIDIA's graphics processors, with CUDA (Linux x64; as TENSOR_PAPERS_CUDA=1; never run)

flags of doctor
  --json             the report as JSON

flags of conformance
  --engine LIST      engines, with commas between them; default tensorflow,wasm,cpu
  --json FILE        the whole table as JSON
  --stock            the engines as TensorFlow.js ships them only

flags of profile
  --batch N          examples a step (default 64; for a module with step(): its own)
  --steps N          steps to measure, after 3 that are not (default 10)
  --rows N           kernels to print (default 20)
  --stock            without the kernels, gradients and patches of this package (as TENSOR_PAPERS_STOCK=1)
  --json             the profile as JSON

exit code: 0 done, 1 failed (conformance: an engine of this package is not right everywhere), 2 wrong usage
`;

const everywhere = {
  engine: { type: 'string' },
  cache: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
};
const verbs = {
  install: {
    run: install,
    options: {
      reinstall: { type: 'boolean' },
      'dry-run': { type: 'boolean' },
      platform: { type: 'string' },
      arch: { type: 'string' },
      cuda: { type: 'boolean' },
    },
  },
  doctor: { run: doctor, options: { json: { type: 'boolean' } } },
  conformance: { run: conformance, options: { json: { type: 'string' }, stock: { type: 'boolean' } } },
  profile: {
    run: profile,
    argument: 'MODEL',
    options: {
      batch: { type: 'string' },
      steps: { type: 'string' },
      rows: { type: 'string' },
      stock: { type: 'boolean' },
      json: { type: 'boolean' },
    },
  },
};

const usageError = (message) => new InstallError('engine/usage', message, { exitCode: 2 });

function unknown(what, got, known) {
  const nearest = nearestName(got, known);
  const meant = nearest ? ` (did you mean '${nearest}'?)` : '';
  return usageError(`engine: unknown ${what} '${got}'${meant}; expected one of ${known.join(', ')}`);
}

const tokensOf = (args, options) =>
  parseArgs({ args, options, allowPositionals: true, strict: false, tokens: true }).tokens;

const positionals = (tokens) => tokens.filter(({ kind }) => kind === 'positional').map(({ value }) => value);

/** Verb, its argument and flags, strictly: a mistyped flag must not be taken for its absence. */
function parse(args) {
  // Whether a flag takes a value depends on the verb.
  const [verb] = positionals(tokensOf(args, { ...everywhere, ...verbs.install.options }));
  if (verb !== undefined && !Object.hasOwn(verbs, verb)) throw unknown('verb', verb, Object.keys(verbs));
  const options = { ...everywhere, ...verbs[verb]?.options };
  const tokens = tokensOf(args, options);
  const [, ...rest] = positionals(tokens);
  const argument = verbs[verb]?.argument ? rest.shift() : undefined;
  if (rest.length > 0) throw usageError(`engine: '${rest[0]}' is one argument too many after '${verb}'`);
  const values = {};
  for (const { kind, name, rawName, value, inlineValue } of tokens) {
    if (kind !== 'option') continue;
    if (!Object.hasOwn(options, name)) {
      throw unknown(
        'flag',
        rawName,
        Object.keys(options).map((known) => `--${known}`),
      );
    }
    const wantsValue = options[name].type === 'string';
    if (wantsValue && (!value || (!inlineValue && value.startsWith('-'))))
      throw usageError(`engine: ${rawName} needs a value`);
    if (!wantsValue && value !== undefined) throw usageError(`engine: ${rawName} takes no value`);
    values[name] = value ?? true;
  }
  return { verb, argument, values };
}

function environment({ engine, cache, cuda }) {
  return {
    ...process.env,
    ...(engine && { TENSOR_PAPERS_ENGINE: engine }),
    ...(cache && { TENSOR_PAPERS_CACHE: cache }),
    ...(cuda && { TENSOR_PAPERS_CUDA: '1' }),
  };
}

function printPlan({ platform = process.platform, arch = process.arch }, env) {
  const asked = askedEngine(env);
  const plan = listedPlan(platform, arch, env);
  if (asked !== 'auto' && asked !== 'tensorflow') console.log(`engine: ${asked} (nothing to fetch)`);
  else if (!plan)
    console.log(`engine: no wheel of TensorFlow for ${platform} ${arch}; tfjs-node's own download, or wasm`);
  else {
    console.log(`wheel   ${plan.wheel}`);
    console.log(`sha256  ${plan.sha256}`);
    if (plan.unusable) console.log(`unused  ${plan.unusable}; tfjs-node's own download, or wasm`);
    else console.log(`folder  ${join(engineCache(env, platform), plan.key)}`);
    for (const companion of plan.companions ?? []) console.log(`beside  ${companion.replace(' --hash=', '  ')}`);
    if (platform !== 'linux' || arch !== 'x64' || plan.companions) console.log('state   never run');
  }
}

async function install(values, env) {
  for (const flag of ['platform', 'arch']) {
    if (values[flag] && !values['dry-run']) throw usageError(`engine: --${flag} goes with --dry-run`);
  }
  if (values['dry-run']) {
    printPlan(values, env);
    return 0;
  }
  const { engine, source, tfjsNode, reasons } = await provision({
    env,
    log: (line) => console.error(line),
    from: process.cwd(),
    reinstall: values.reinstall,
  });
  for (const reason of reasons) console.error(reason);
  const plan = listedPlan(process.platform, process.arch, env);
  if (engine === 'tensorflow' && plan?.companions) {
    const libraries = join(engineCache(env), plan.key, 'deps', 'nvidia', '*', 'lib');
    console.error(`engine: CUDA is found where LD_LIBRARY_PATH names each ${libraries} before Node starts`);
  }
  const how = engine === 'tensorflow' ? `${source}, TensorFlow ${installedVersion(tfjsNode)}` : source;
  console.log(source === 'none' ? `engine: ${engine}` : `engine: ${engine} (${how})`);
  return 0;
}

function doctor(values, env) {
  askedEngine(env);
  return runDoctor({ json: values.json === true, env });
}

function conformance({ engine = 'tensorflow,wasm,cpu', json, stock }, env) {
  const engines = [...new Set(engine.split(','))];
  for (const name of engines) {
    if (!engineNames.includes(name)) throw unknown('engine', name, engineNames);
  }
  const asked = { engines, stocks: stock ? [true] : [false, true], json };
  return runProgram('./conformance-process.mjs', [JSON.stringify(asked)], { env, what: 'conformance' });
}

/** The value of a flag that counts something. */
function countOf(flag, text, byDefault) {
  if (text === undefined) return byDefault;
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw usageError(`engine: --${flag}: expected a whole number of at least 1, got '${text}'`);
}

function profile({ batch, steps, rows, stock, json }, env, model) {
  askedEngine(env);
  if (model === undefined)
    throw usageError('engine: profile needs MODEL: a model.json, or a module that exports step() or model');
  const asked = {
    model,
    batch: countOf('batch', batch, 64),
    steps: countOf('steps', steps, 10),
    rows: countOf('rows', rows, 20),
    json: json === true,
  };
  return runProgram('./profile-process.mjs', [JSON.stringify(asked)], {
    env: { ...env, ...(stock && { TENSOR_PAPERS_STOCK: '1' }) },
    what: 'the profile',
  });
}

async function main(args) {
  const { verb, argument, values } = parse(args);
  if (values.version) {
    console.log(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version);
    return 0;
  }
  if (values.help || verb === undefined) {
    (values.help ? console.log : console.error)(help.trimEnd());
    return values.help ? 0 : 2;
  }
  return verbs[verb].run(values, environment(values), argument);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof InstallError)) throw error;
  console.error(error.message);
  process.exitCode = error.exitCode;
}
