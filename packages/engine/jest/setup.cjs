// One engine a run: the one that TENSOR_PAPERS_ENGINE names, else the best one; a test never runs on another one unnoticed.
// `beforeAll` is jest's global: a project that switches the globals off has to import this file's content itself.
beforeAll(async () => {
  const { useEngine } = require('@tensor-papers/engine');
  const asked = process.env.TENSOR_PAPERS_ENGINE || 'auto';
  const { name } = await useEngine({ engine: asked, log: () => {} });
  if (asked !== 'auto' && name !== asked) throw new Error(`expected the engine ${asked}, but ${name} answers`);
}, 120_000);
