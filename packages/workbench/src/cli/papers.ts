import { resolve } from 'node:path';
import { InstallError } from '@tensor-papers/engine/install';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { presetNames } from '../benchmark/presets.js';
import { UsageError, WorkbenchError } from '../errors.js';
import { unknownName } from '../nearest-name.js';
import { paperNames, papersFolder } from '../paper/find-papers.js';
import { loadRecipes } from '../paper/load-recipes.js';
import { dataSetIds, fetchData, listData } from './data.js';
import { engine, type ReportFlags, report } from './forward.js';
import { helpOf } from './help.js';
import { list } from './list.js';
import { merge } from './merge.js';
import { type PeersFlags, peers } from './peers.js';
import { type PlanFlags, plan } from './plan.js';
import { run } from './run.js';
import { engineChoices, type RunFlags } from './run-options.js';

const wholeNumber = (from: number) => (text: string) => {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < from) {
    throw new InvalidArgumentError(`Expected a whole number from ${from} on.`);
  }
  return value;
};

/** Where papers are looked for; tests name another place. */
const papersOption = () =>
  new Option('--papers <dir>', 'folder of packages')
    .default(papersFolder)
    .argParser((path) => resolve(path))
    .hideHelp();

function buildProgram(finish: (code: number) => void): Command {
  const program = new Command('papers')
    .usage('<command> [options]')
    .description('Runs what papers claim, on real data, with seeds and confidence intervals.')
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ outputError: () => {} })
    .showSuggestionAfterError(false)
    .helpCommand(false)
    .addHelpText('after', helpOf.papers);
  const verb = (name: string, description: string) => program.command(name).description(description);

  program.commandsGroup('What holds:');
  verb('list', 'the papers, their claims and presets')
    .addOption(papersOption())
    .action(async ({ papers }) => finish(await list(papers)));
  verb('run', 'run papers and judge their claims')
    .addHelpText('after', helpOf.run)
    .argument('<name...>', 'papers, as `papers list` names them')
    .option('--preset <name>', `how much: ${presetNames.join(', ')}`, 'quick')
    .option('--seed <number>', 'the first seed', wholeNumber(0), 1)
    .option('--seeds <count>', "how many seeds, from --seed on (default: the preset's)", wholeNumber(1))
    .option('--engine <name>', `${engineChoices.join(', ')} (default: TENSOR_PAPERS_ENGINE, or auto)`)
    .option('--out <dir>', 'folder of results (default: .results/<preset>)')
    .option('--json <file>', 'write the result there and nothing else; - is standard output; one paper only')
    .option('--resume', 'use finished seeds of a run that was stopped')
    .option('--dry-run', 'say what would run')
    .addOption(papersOption())
    .action(async (names: string[], flags: RunFlags) => finish(await run(names, flags)));
  verb('report', 'write the site of results')
    .option('--results <dir>', "committed results (default: the repository's)")
    .option('--demo <dir>', 'results of a demo run', '.results/quick')
    .option('--api <dir>', 'the API reference, taken in where there is one', '.results/api')
    .option('--out <dir>', 'where the site goes', '.results/report')
    .addOption(papersOption())
    .action(async (flags: ReportFlags) => finish(await report(flags)));
  program.commandsGroup('On many machines:');
  verb('plan', 'runs as commands, one a line, for xargs, GNU parallel, Slurm or a matrix')
    .addHelpText('after', helpOf.plan)
    .argument('[name...]', 'papers (default: all)')
    .option('--preset <name>', `how much: ${presetNames.join(', ')}`, 'standard')
    .option('--seed <number>', 'the first seed', wholeNumber(0), 1)
    .option('--seeds <count>', "how many seeds, from --seed on (default: the preset's)", wholeNumber(1))
    .option('--block <count>', 'seeds of one command', wholeNumber(1), 1)
    .option('--engine <name>', `${engineChoices.join(', ')} (default: TENSOR_PAPERS_ENGINE, or auto)`)
    .option('--out <dir>', 'where the commands put their results (default: .results/<preset>/parts)')
    .addOption(papersOption())
    .action(async (names: string[], flags: PlanFlags) => finish(await plan(names, flags)));
  verb('merge', 'make one result of result files or kept seeds')
    .addHelpText('after', helpOf.merge)
    .argument('<file...>', 'result files, or files in .seeds/')
    .option('--json <file>', 'where to write; - is standard output', '-')
    .addOption(papersOption())
    .action(async (files: string[], flags: { papers: string; json: string }) => finish(await merge(files, flags)));
  program.commandsGroup('On this machine:');
  const data = verb('data', 'data sets: list, fetch').helpCommand(false).addHelpText('after', helpOf.data);
  data
    .command('list')
    .description('the data sets, and which of them are here')
    .addOption(papersOption())
    .action(async (flags: { papers: string }) => finish(await listData(flags)));
  data
    .command('fetch')
    .description('bring data sets onto this machine and verify them')
    .argument('<id...>', 'data sets, as `papers data list` names them')
    .addOption(papersOption())
    .action(async (ids: string[], flags: { papers: string }) => finish(await fetchData(ids, flags)));
  verb('engine', 'install, doctor: the command of the engine package')
    .argument('[args...]')
    .helpOption(false)
    .allowUnknownOption()
    .passThroughOptions()
    .action(async (args: string[]) => finish(await engine(args)));
  verb('doctor', 'what engine runs here, and what to do about it').action(async () => finish(await engine(['doctor'])));
  verb('peers', 'speed, against what one would run instead')
    .argument('[work...]', 'works, as bench/peers/peers.json names them (default: all)')
    .option('--pairs <count>', 'how often both sides are run, in turn (default: what is declared, 5)', wholeNumber(1))
    .option('--out <file>', "where the rows go; others there stay (default: the repository's results/peers.json)")
    .option('--python <path>', 'a Python that holds the peers (default: an environment that is made once)')
    .option('--dry-run', 'say what would run')
    .option('--json', 'print the rows as JSON')
    .addOption(papersOption())
    .action(async (works: string[], flags: PeersFlags) => finish(await peers(works, flags)));
  return program;
}

/** The command that the first words name: a verb, or one of its own. */
function commandOf(program: Command, [word, ...rest]: readonly string[]): Command {
  const command = program.commands.find((each) => each.name() === word);
  return command ? commandOf(command, rest) : program;
}

/** What can stand where an argument is missing; empty where that cannot be listed. */
async function possibleArguments(command: Command): Promise<string[]> {
  const { papers } = command.opts<{ papers: string }>();
  if (command.name() === 'run') return paperNames(papers);
  if (command.name() !== 'fetch') return [];
  // A package that cannot be read must not hide what is wrong with the command.
  return loadRecipes(papers).then(dataSetIds, () => []);
}

/** What commander did not like, with the names that were possible. */
async function describeUsage({ code, message }: CommanderError, command: Command): Promise<string> {
  const said = message.replace(/^error: /, '');
  const typed = /'([^']+)'/.exec(said)?.[1] ?? '';
  const verbs = command.commands.map((each) => each.name());
  const flags = command.options.filter(({ hidden }) => !hidden).map(({ long }) => long!);
  if (code === 'commander.help') return `expected a verb, got none; one of ${verbs.join(', ')}`;
  if (code === 'commander.unknownCommand') return unknownName('command', typed, verbs);
  if (code === 'commander.unknownOption') return unknownName('option', typed, [...flags, '--help']);
  const possible = code === 'commander.missingArgument' ? await possibleArguments(command) : [];
  return possible.length === 0 ? said : `${said}; expected one or more of ${possible.join(', ')}`;
}

function whereToRead(program: Command, args: readonly string[]): string {
  const verb = program.commands.find((each) => each.name() === args[0])?.name();
  return `Usage and examples: papers ${verb === undefined ? '' : `${verb} `}--help`;
}

/** @throws UsageError for what commander does not like */
async function parse(program: Command, args: readonly string[]): Promise<void> {
  try {
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return;
    const message = await describeUsage(error, commandOf(program, args));
    // Without a verb commander has printed the help already.
    throw new UsageError(error.code === 'commander.help' ? message : `${message}\n${whereToRead(program, args)}`);
  }
}

const say = (line: string) => void process.stderr.write(`papers: ${line}\n`);

/** `papers ARGS`. Returns the exit code: 0 ok, 1 failure, 2 usage, 130 after Ctrl-C. */
export async function papers(args: readonly string[]): Promise<number> {
  let code = 0;
  const program = buildProgram((verbCode) => {
    code = verbCode;
  });
  try {
    await parse(program, args);
    return code;
  } catch (error) {
    if (error instanceof InstallError) {
      say(error.message);
      return error.exitCode;
    }
    if (error instanceof WorkbenchError) {
      say(error.message);
      return error instanceof UsageError ? 2 : 1;
    }
    throw error;
  }
}
