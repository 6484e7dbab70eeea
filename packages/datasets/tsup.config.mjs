import preset from '@tensor-papers/tools/tsup';

// `shims`: the CommonJS build finds the shipped data by `import.meta.url` too.
export default { ...preset, shims: true };
