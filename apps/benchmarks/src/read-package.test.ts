import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readPackage } from './read-package.js';

let root: string;
let folder: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'package-'));
  folder = join(root, 'packages', 'thing');
  mkdirSync(folder, { recursive: true });
  mkdirSync(join(root, 'docs', 'methods'), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const write = (path: string, content: object | string) =>
  writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content));
const manifest = {
  name: '@scope/thing',
  dependencies: { '@scope/other': '1', elsewhere: '1' },
  peerDependencies: { '@peer/p': '1' },
};
const documents = () => readPackage(root, folder)!.documents.map(({ file }) => file);

describe('readPackage', () => {
  it('names what is installed: the package, those of its scope, its peers', () => {
    write('packages/thing/package.json', manifest);
    expect(readPackage(root, folder)).toEqual({
      name: '@scope/thing',
      install: ['@scope/thing', '@scope/other', '@peer/p'],
      documents: [],
    });
  });

  it('knows the documents that are there by their path, without an address where the repository has none', () => {
    write('packages/thing/package.json', manifest);
    write('packages/thing/README.md', '');
    expect(documents()).toEqual([{ path: 'packages/thing/README.md' }]);
    write('docs/methods/thing.md', '');
    write('package.json', { name: 'root' });
    expect(documents()).toEqual([{ path: 'packages/thing/README.md' }, { path: 'docs/methods/thing.md' }]);
  });

  it.each(['https://example.org/a/b', { type: 'git', url: 'git+https://example.org/a/b.git' }])(
    'links them where the repository says where it is: %p',
    (repository) => {
      write('packages/thing/package.json', manifest);
      write('packages/thing/README.md', '');
      write('package.json', { repository });
      expect(documents()[0]!.address).toBe('https://example.org/a/b/blob/HEAD/packages/thing/README.md');
    },
  );

  it('takes no other address', () => {
    write('packages/thing/package.json', manifest);
    write('packages/thing/README.md', '');
    for (const repository of ['javascript:alert(1)', 'github:a/b', { directory: 'x' }]) {
      write('package.json', { repository });
      expect(documents()).toEqual([{ path: 'packages/thing/README.md' }]);
    }
  });

  it('is undefined without a package, and names the file that cannot be used', () => {
    expect(readPackage(root, folder)).toBeUndefined();
    write('packages/thing/package.json', {});
    expect(() => readPackage(root, folder)).toThrow(
      `${join(folder, 'package.json')}: field name: expected the name of the package`,
    );
  });
});
