// `pnpm docs:api [--out DIR]`: the API of the public packages as a site, made from their sources and READMEs.
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import {
  Application,
  Comment,
  CommentTag,
  Converter,
  DefaultTheme,
  Logger,
  LogLevel,
  MinimalSourceFile,
  ReflectionKind,
  RendererEvent,
} from 'typedoc';
import ts from 'typescript';
import { apiPackages } from '../tools/api-docs/api-packages.mjs';
import { assertReplaceable, replaceSite, SITE_FILE } from '../tools/api-docs/site-folder.mjs';
import { readWorkspace } from '../tools/repository/workspace.mjs';
import { root } from './run.mjs';

const usage = `npx -y pnpm@10 docs:api [--out DIR]

Writes the API of the public packages as a site that needs no network. What is wrong in a doc comment is listed, and ends with exit code 1.

  --out DIR   where the site is written  (default: .results/api; the report shows what lies there)
  --help      this text`;

/** Keeps what typedoc complains of. */
class Findings extends Logger {
  list = [];

  log(message, level) {
    if (level >= LogLevel.Warn) this.list.push(message);
  }
}

/** All packages are in one folder of the navigation, that of their scope, which says nothing. */
class PackagesTheme extends DefaultTheme {
  buildNavigation(project) {
    return super.buildNavigation(project).flatMap(({ children }) => children);
  }
}

const out = readOut();
try {
  assertReplaceable(out);
} catch (error) {
  fail(error.message);
}
const packages = apiPackages(readWorkspace(root));
const findings = new Findings();
const app = await createApplication();
const project = app.converter.convert(entryPoints());
app.validate(project);
try {
  await replaceSite(out, writeSite);
} catch (error) {
  fail(`no site was written: ${error.message}`);
}
for (const finding of findings.list) console.error(finding);
console.log(join(out, 'index.html'));
console.error(
  `API docs: ${findings.list.length === 0 ? 'no broken link and no doc comment at fault' : `${findings.list.length} findings`}`,
);
process.exit(findings.list.length === 0 ? 0 : 1);

function readOut() {
  // pnpm hands over a `--` that somebody typed before the flags.
  const args = process.argv.slice(2).filter((arg) => arg !== '--');
  const options = { out: { type: 'string', default: join(root, '.results', 'api') }, help: { type: 'boolean' } };
  try {
    const { values } = parseArgs({ args, options });
    if (values.help) {
      console.log(usage);
      process.exit(0);
    }
    return resolve(process.env.INIT_CWD ?? process.cwd(), values.out);
  } catch (error) {
    console.error(`docs:api: ${error.message}\n\n${usage}`);
    process.exit(2);
  }
}

function fail(message) {
  console.error(`docs:api: ${message}`);
  process.exit(1);
}

async function createApplication() {
  const options = {
    name: 'tensor-papers API',
    readme: 'none',
    excludeExternals: true,
    excludeInternal: true,
    excludePrivate: true,
    excludeProtected: true,
    // What is mentioned and not exported stands in tools/packed/api.
    validation: { notExported: false },
    disableSources: true,
    disableGit: true,
    hideGenerator: true,
    useFirstParagraphOfCommentAsSummary: true,
    ignoredHighlightLanguages: ['bibtex'],
    customCss: join(root, 'tools', 'api-docs', 'site.css'),
    theme: 'packages',
    navigation: { includeFolders: true, compactFolders: false },
  };
  // Without readers no configuration of somebody else's is found.
  const application = await Application.bootstrap(options, []);
  application.logger = findings;
  application.renderer.defineTheme('packages', PackagesTheme);
  application.converter.on(Converter.EVENT_RESOLVE_BEGIN, describePackages);
  application.renderer.on(RendererEvent.END, listPages);
  return application;
}

/** The modules as one program, so that a type of one package links to its page in another. */
function entryPoints() {
  // All packages have the options of tools/typescript; one of theirs also finds the types of Node.
  const tsconfig = join(root, packages[0].folder, 'tsconfig.json');
  const { options } = ts.getParsedCommandLineOfConfigFile(
    tsconfig,
    {},
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => fail(`${tsconfig} cannot be read`) },
  );
  const modules = packages.flatMap((each) => each.modules);
  const program = ts.createProgram(
    modules.map(({ file }) => join(root, file)),
    options,
  );
  return modules.map(({ specifier, file }) => ({
    displayName: specifier,
    program,
    sourceFile:
      program.getSourceFile(join(root, file)) ??
      fail(`${specifier}: ${file} is not there: see the exports of its package.json`),
  }));
}

function findModule({ children }, specifier) {
  return children.find(({ name }) => name === specifier);
}

/** Puts the README on the page of each package; one that exports nothing under its own name gets a page for it. */
function describePackages(context) {
  for (const { specifier, description, folder, modules } of packages) {
    const page =
      findModule(context.project, specifier) ??
      context.createDeclarationReflection(ReflectionKind.Module, undefined, undefined, specifier);
    page.comment ??= new Comment();
    page.comment.blockTags.push(new CommentTag('@summary', [{ kind: 'text', text: description }]));
    const others = modules.filter((each) => each.specifier !== specifier);
    page.readme = [...linksTo(context.project, others), ...readmeOf(folder, context.project)];
  }
}

function linksTo(project, modules) {
  if (modules.length === 0) return [];
  const text = (text) => ({ kind: 'text', text });
  const link = ({ specifier }) => ({
    kind: 'inline-tag',
    tag: '@link',
    text: specifier,
    target: findModule(project, specifier),
  });
  return [text('Modules:\n'), ...modules.flatMap((each) => [text('\n- '), link(each)]), text('\n\n')];
}

/** Without its heading, which the page has already. */
function readmeOf(folder, project) {
  const path = join(root, folder, 'README.md');
  const text = readFileSync(path, 'utf8').replace(/^# .*\n/, '');
  return app.converter.parseRawComment(new MinimalSourceFile(text, path), project.files).content;
}

/** Says where the page of each package is, for who links to it. */
function listPages({ pages, outputDirectory }) {
  const pageOf = ({ specifier }) => pages.find(({ model }) => model === findModule(project, specifier)).url;
  const site = {
    generator: 'pnpm docs:api',
    packages: Object.fromEntries(packages.map((each) => [each.name, pageOf(each)])),
  };
  writeFileSync(join(outputDirectory, SITE_FILE), `${JSON.stringify(site, null, 2)}\n`);
}

async function writeSite(folder) {
  if (!findings.hasErrors()) await app.generateDocs(project, folder);
  if (findings.hasErrors()) throw new Error(findings.list.join('\n'));
}
