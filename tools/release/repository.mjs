/**
 * The address of the repository that a published package names, which a registry compares with where it was built before it believes a
 * statement of provenance: given, of the root manifest, or of the hosted workflow that runs this. Undefined where nobody says.
 */
export function repositoryUrl({ given, manifest, environment }) {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: path } = environment;
  const url =
    given ?? manifest.repository?.url ?? manifest.repository ?? (server && path ? `${server}/${path}` : undefined);
  if (url === undefined) return undefined;
  const plain = url.replace(/^git\+/, '').replace(/\.git$/, '');
  if (!/^https:\/\/[^/]+\/.+[^/]$/.test(plain))
    throw new Error(`expected the repository as https://HOST/OWNER/NAME, got '${url}'`);
  return plain;
}

/** A manifest that names the repository and the folder in it. */
export const withRepository = (manifest, url, folder) => ({
  ...manifest,
  repository: { type: 'git', url: `git+${url}.git`, directory: folder },
});
