import { describe, expect, it } from '@jest/globals';
import { releaseOrder } from './order.mjs';
import { repositoryUrl, withRepository } from './repository.mjs';

const pkg = (name: string, ...needs: string[]) => ({
  name,
  manifest: {
    dependencies: {
      'some-library': '^1.0.0',
      ...Object.fromEntries(needs.map((each) => [`@tensor-papers/${each}`, 'workspace:^'])),
    },
    devDependencies: { '@tensor-papers/tools': 'workspace:*' },
  },
});
const names = (packages: ReturnType<typeof pkg>[]) => releaseOrder(packages).map(({ name }) => name);

describe('the order of a release', () => {
  it('puts a package after those that it needs, and forgets none', () => {
    expect(names([pkg('ban', 'core', 'maths'), pkg('core', 'maths'), pkg('engine'), pkg('maths')])).toEqual([
      'maths',
      'core',
      'ban',
      'engine',
    ]);
  });

  it('follows peers as well', () => {
    const core = { name: 'core', manifest: { peerDependencies: { '@tensor-papers/maths': 'workspace:^' } } };
    expect(releaseOrder([core, pkg('maths')]).map(({ name }: { name: string }) => name)).toEqual(['maths', 'core']);
  });

  it('says which packages need one another in a circle, and what a package needs that nobody publishes', () => {
    expect(() => names([pkg('a', 'b'), pkg('b', 'c'), pkg('c', 'b')])).toThrow('a → b → c → b');
    expect(() => names([pkg('a', 'workbench')])).toThrow('a needs workbench, which is not published');
  });
});

describe('the repository that a package names', () => {
  const environment = { GITHUB_SERVER_URL: 'https://host.example', GITHUB_REPOSITORY: 'some/where' };

  it('is what is given, else that of the manifest, else that of the workflow', () => {
    const manifest = { repository: { type: 'git', url: 'git+https://host.example/of/manifest.git' } };
    expect(repositoryUrl({ given: 'https://host.example/as/given', manifest, environment })).toBe(
      'https://host.example/as/given',
    );
    expect(repositoryUrl({ given: undefined, manifest, environment })).toBe('https://host.example/of/manifest');
    expect(repositoryUrl({ given: undefined, manifest: {}, environment })).toBe('https://host.example/some/where');
    expect(repositoryUrl({ given: undefined, manifest: {}, environment: {} })).toBeUndefined();
  });

  it.each(['some/where', 'http://host.example/some/where', 'https://host.example/'])(
    'has to be an address: %s',
    (given) => {
      expect(() => repositoryUrl({ given, manifest: {}, environment })).toThrow(`got '${given}'`);
    },
  );

  it('stands in the manifest with the folder of the package', () => {
    expect(withRepository({ name: 'x' }, 'https://host.example/some/where', 'packages/x')).toEqual({
      name: 'x',
      repository: { type: 'git', url: 'git+https://host.example/some/where.git', directory: 'packages/x' },
    });
  });
});
