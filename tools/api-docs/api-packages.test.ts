import { expect, it } from '@jest/globals';
import { apiPackages } from './api-packages.mjs';

const built = { import: { types: './dist/index.d.ts', default: './dist/index.js' } };
const manifest = {
  name: '@tensor-papers/sample',
  description: 'A sample.',
  exports: {
    '.': { '@tensor-papers/source': './src/index.ts', ...built },
    './node': { '@tensor-papers/source': './src/files/node.ts', ...built },
    './install': { types: './install/index.d.mts', default: './install/index.mjs' },
    './jest-setup': './jest/setup.cjs',
    './package.json': './package.json',
  },
};

it('a module is what a user can import, with the source that declares it', () => {
  expect(apiPackages([{ name: 'sample', folder: 'packages/sample', manifest }])).toEqual([
    {
      name: 'sample',
      folder: 'packages/sample',
      specifier: '@tensor-papers/sample',
      description: 'A sample.',
      modules: [
        { specifier: '@tensor-papers/sample', file: 'packages/sample/src/index.ts' },
        { specifier: '@tensor-papers/sample/node', file: 'packages/sample/src/files/node.ts' },
        { specifier: '@tensor-papers/sample/install', file: 'packages/sample/install/index.d.mts' },
      ],
    },
  ]);
});

it('private packages and what is no package have no API', () => {
  const workspace = [
    { name: 'sample', folder: 'packages/sample', manifest: { ...manifest, private: true } },
    { name: 'sample', folder: 'apps/sample', manifest },
    { name: 'tools', folder: 'tools', manifest },
  ];
  expect(apiPackages(workspace)).toEqual([]);
});
