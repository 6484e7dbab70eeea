import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { peerPackages } from '../../test/papers-command.js';
import { temporaryFolder } from '../../test/temporary-folder.js';
import { papersFolder } from '../paper/find-papers.js';
import { readPeerWorks } from './declaration.js';
import { PeersDeclarationError } from './errors.js';

const folder = temporaryFolder();

describe('readPeerWorks', () => {
  it('finds what packages declare, with its defaults', () => {
    mkdirSync(join(folder(), 'other', 'bench', 'peers'), { recursive: true });
    expect(readPeerWorks(folder())).toEqual([]);
    const works = readPeerWorks(peerPackages);
    expect(works.map(({ work, pairs, threads }) => [work, pairs, threads])).toEqual([
      ['step/fast', 3, 2],
      ['scan/rate', 5, 1],
      ['step/odd', 5, 2],
    ]);
    expect(works[0]!.folder).toBe(join(peerPackages, 'gadget'));
  });

  it("reads the repository's own", () => {
    expect(() => readPeerWorks(papersFolder)).not.toThrow();
  });

  const row = { work: 'w', what: 'w', unit: 'ms', ours: ['node'], theirs: ['a.py'] };
  const python = { requirements: 'bench/peers/requirements.txt' };
  it.each([
    ['{', /peers\.json: cannot be read as JSON/],
    [{ python, rows: [] }, /field rows: /],
    [{ python, rows: [{ ...row, ours: [] }] }, /field rows\.0\.ours: /],
    [{ python, rows: [{ ...row, pairs: 0 }] }, /field rows\.0\.pairs: /],
    [{ python, rows: [{ ...row, peers: 3 }] }, /field rows\.0: .*peers/],
    [{ python: { requirements: 'none.txt' }, rows: [row] }, /field python\.requirements: there is no .*none\.txt/],
    [{ python, rows: [row, row] }, /work 'w' is declared twice/],
  ])('names file and field of a bad declaration (%#)', (content, message) => {
    const peers = join(folder(), 'broken', 'bench', 'peers');
    mkdirSync(peers, { recursive: true });
    cpSync(join(peerPackages, 'gadget', 'bench', 'peers', 'requirements.txt'), join(peers, 'requirements.txt'));
    writeFileSync(join(peers, 'peers.json'), typeof content === 'string' ? content : JSON.stringify(content));
    expect(() => readPeerWorks(folder())).toThrow(PeersDeclarationError);
    expect(() => readPeerWorks(folder())).toThrow(message);
  });
});
