import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Conformance, Peers, Result } from '@tensor-papers/workbench';
import { type PaperInfo, readPaper } from '../src/read-papers.js';

/** A path below the fixtures. */
export const fixture = (path: string): string => fileURLToPath(new URL(`../fixtures/${path}`, import.meta.url));

const readResultFile = (path: string) => JSON.parse(readFileSync(fixture(path), 'utf8')) as Result;

/** A fresh copy of the made-up committed result. */
export const standardResult = (): Result => readResultFile('results/example.json');

/** A fresh copy of the made-up demo result. */
export const demoResult = (): Result => readResultFile('demo/example.json');

/** A fresh copy of the made-up speed comparisons. */
export const examplePeers = () => JSON.parse(readFileSync(fixture('results/peers.json'), 'utf8')) as Peers;

/** A fresh copy of the made-up conformance table. */
export const exampleConformance = () =>
  JSON.parse(readFileSync(fixture('results/engine.conformance.json'), 'utf8')) as Conformance;

/** The made-up paper. */
export const examplePaper = (): PaperInfo => readPaper(fixture('papers/example/paper.json'), 'example');

/** What is to be read of a page: without its style and its script. */
export const readable = (page: string): string => page.replace(/<(style|script)[^>]*>[\s\S]*?<\/\1>/g, '');
