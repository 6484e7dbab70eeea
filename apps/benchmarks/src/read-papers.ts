import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Claim } from '@tensor-papers/workbench';
import { ReportInputError } from './errors.js';
import { readJson } from './read-json.js';
import { type PackageInfo, readPackage } from './read-package.js';

/** An equation of the method and the function that computes it. */
export interface Equation {
  id: string;
  title: string;
  tex?: string;
  meaning?: string;
  symbol?: string;
}

/** What a page says of a paper besides its results; read from the package's `paper.json`. */
export interface PaperInfo {
  name: string;
  title: string;
  authors: string;
  venue: string;
  year: string;
  url?: string;
  bibtex?: string;
  summary?: string;
  /** How our set-up differs in size from the paper's. */
  scale?: string;
  claims: Claim[];
  equations: Equation[];
  deviations: string[];
  notImplemented: string[];
  /** The package that holds the method. */
  package?: PackageInfo;
}

type Fields = Record<string, unknown>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads the fields of one object and says which one is wrong. */
class FieldReader {
  constructor(
    private readonly file: string,
    private readonly fields: Fields,
    private readonly path = '',
  ) {}

  fail(name: string, expected: string): never {
    throw new ReportInputError('report/bad-paper', this.file, `field ${this.path}${name}: expected ${expected}`);
  }

  /** The first of the names that is there, as text; lists are joined. */
  text(...names: string[]): string | undefined {
    for (const name of names) {
      const value = this.fields[name];
      if (value === undefined || value === null) continue;
      if (typeof value === 'string' || typeof value === 'number') return String(value);
      if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value.join(', ');
      this.fail(name, 'text');
    }
    return undefined;
  }

  list(name: string): unknown[] {
    const value = this.fields[name];
    if (value === undefined || value === null) return [];
    return Array.isArray(value) ? value : this.fail(name, 'a list');
  }

  objects(name: string): FieldReader[] {
    return this.list(name).map((item, index) =>
      isFields(item)
        ? new FieldReader(this.file, item, `${this.path}${name}.${index}.`)
        : this.fail(`${name}.${index}`, 'an object'),
    );
  }

  object(name: string): FieldReader | undefined {
    const value = this.fields[name];
    if (value === undefined) return undefined;
    return isFields(value) ? new FieldReader(this.file, value, `${this.path}${name}.`) : this.fail(name, 'an object');
  }

  /** Sentences: plain text, or objects whose texts are put one after the other. */
  sentences(name: string): string[] {
    return this.list(name).map((item, index) => {
      if (typeof item === 'string') return item;
      if (!isFields(item)) return this.fail(`${name}.${index}`, 'text or an object of texts');
      return Object.entries(item)
        .filter(([key, value]) => key !== 'id' && typeof value === 'string')
        .map(([, value]) => String(value).trim())
        .map((text) => (/[.!?]$/.test(text) ? text : `${text}.`))
        .join(' ');
    });
  }
}

const present = <Value extends object>(value: Value): { [Key in keyof Value]?: NonNullable<Value[Key]> } =>
  Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as never;

/** Reads one `paper.json`. @throws ReportInputError naming the file and the field */
export function readPaper(file: string, name: string): PaperInfo {
  const content = readJson(file, 'report/bad-paper');
  if (!isFields(content)) throw new ReportInputError('report/bad-paper', file, 'expected an object');
  const paper = new FieldReader(file, content);
  const citation = paper.object('citation') ?? paper;
  return {
    name,
    title: citation.text('title') ?? paper.text('title') ?? citation.fail('title', 'the title of the paper'),
    authors: citation.text('authors') ?? '',
    venue: citation.text('venue', 'journal', 'booktitle') ?? '',
    year: citation.text('year') ?? '',
    claims: paper.list('claims') as Claim[],
    equations: paper.objects('equations').map((equation, index) => {
      const id = equation.text('id', 'number', 'equation') ?? String(index + 1);
      return {
        id,
        title: equation.text('title', 'name') ?? `Equation ${id}`,
        ...present({
          tex: equation.text('tex', 'latex'),
          meaning: equation.text('meaning', 'what', 'description'),
          symbol: equation.text('symbol', 'symbols', 'function'),
        }),
      };
    }),
    deviations: paper.sentences('deviations'),
    notImplemented: paper.sentences('notImplemented'),
    ...present({
      url: citation.text('url'),
      bibtex: citation.text('bibtex') ?? paper.text('bibtex'),
      summary: paper.text('summary', 'abstract'),
      scale: paper.text('scale', 'scaleDown'),
    }),
  };
}

/** The papers of a folder of packages in a repository: those with a `paper.json`, by name. */
export function readPapers(folder: string): PaperInfo[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .filter((name) => existsSync(join(folder, name, 'paper.json')))
    .map((name) => ({
      ...readPaper(join(folder, name, 'paper.json'), name),
      ...present({ package: readPackage(dirname(folder), join(folder, name)) }),
    }));
}

/** What is known of a paper that has results but no description. */
export function paperWithoutFile(name: string): PaperInfo {
  return {
    name,
    title: name,
    authors: '',
    venue: '',
    year: '',
    claims: [],
    equations: [],
    deviations: [],
    notImplemented: [],
  };
}

/** Authors, venue and year in one line. */
export function byline({ authors, venue, year }: PaperInfo): string {
  return [authors, venue, year].filter(Boolean).join(' · ');
}
