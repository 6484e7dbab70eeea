/** A package that the application has or has not: as seen from here, or in Node from the folder that the process runs in. */
export async function loadPackage<Module>(name: string): Promise<Module> {
  try {
    // In a variable, so that bundlers leave it to run time.
    return unwrap<Module>(await import(/* @vite-ignore */ /* webpackIgnore: true */ name));
  } catch (error) {
    if (!isMissing(error, name)) throw error;
    const require = requireFromWorkingFolder();
    if (!require) throw new Error(`the package ${name} is not installed`, { cause: error });
    try {
      return require(name) as Module;
    } catch (second) {
      if (!isMissing(second, name)) throw second;
      throw new Error(`the package ${name} is not installed`, { cause: second });
    }
  }
}

/** A CommonJS package imported from an ES module has its exports under `default`. */
function unwrap<Module>(module: object): Module {
  return ('default' in module && Object.keys(module).length <= 2 ? module.default : module) as Module;
}

function isMissing(error: unknown, name: string): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') && String(message).includes(name);
}

function requireFromWorkingFolder(): ((name: string) => unknown) | undefined {
  if (typeof process === 'undefined') return undefined;
  return process.getBuiltinModule?.('node:module').createRequire(`${process.cwd()}/package.json`);
}
