import { builtinModules, createRequire, isBuiltin } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The esbuild that tsup builds a package with. */
export async function esbuildOf(folder) {
  const tsup = createRequire(join(folder, 'package.json')).resolve('tsup');
  const { default: esbuild } = await import(pathToFileURL(createRequire(tsup).resolve('esbuild')).href);
  return esbuild;
}

/**
 * What a bundler for browsers leaves of a few lines that import a built package: in bytes, minified, siblings included and
 * TensorFlow.js left out. Node's own modules stay imports, so that one in a bundle for browsers can be found.
 */
export async function bundle(esbuild, folder, code) {
  return sizeOf(await esbuild.build(options(folder, code)));
}

/**
 * What importing an entry of a package runs, minified, as if the package did not say `sideEffects: false`: the code that a bundler drops
 * on the strength of that promise. Imports of other packages are left out.
 */
export async function codeRunOnImport(esbuild, folder, specifier) {
  return sizeOf(
    await esbuild.build({ ...options(folder, `import '${specifier}';`), plugins: [onlyThisPackage(specifier)] }),
  );
}

function options(folder, code) {
  return {
    stdin: { contents: code, resolveDir: folder, loader: 'js' },
    absWorkingDir: folder,
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'esm',
    target: 'es2022',
    external: ['@tensorflow/*', 'node:*', ...builtinModules],
    logLevel: 'silent',
  };
}

function sizeOf({ outputFiles, metafile }) {
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports.map(({ path }) => path));
  const { text } = outputFiles[0];
  return { bytes: Buffer.byteLength(text), text, nodeModules: imports.filter((path) => isBuiltin(path)) };
}

const onlyThisPackage = (specifier) => ({
  name: 'only-this-package',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /.*/ }, async ({ path, pluginData, importer, namespace, resolveDir, kind }) => {
      if (pluginData === 'resolved') return undefined;
      if (path !== specifier && !path.startsWith('.')) return { path, external: true, sideEffects: false };
      const found = await resolve(path, { importer, namespace, resolveDir, kind, pluginData: 'resolved' });
      return { ...found, sideEffects: true };
    });
  },
});
