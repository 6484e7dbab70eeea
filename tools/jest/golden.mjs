import { readFileSync } from 'node:fs';

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

function problemOf(golden) {
  if (!isObject(golden)) return 'is no object';
  if (typeof golden.name !== 'string' || typeof golden.fn !== 'string') return 'has no name or no fn';
  if (!isObject(golden.inputs)) return 'has no inputs';
  if (!isObject(golden.options ?? {})) return 'has options that are no object';
  if (!isObject(golden.expected) || Object.keys(golden.expected).length === 0) return 'expects nothing';
  return golden.tolerance >= 0 ? undefined : 'has no tolerance';
}

export function readGoldenCases(file) {
  const cases = JSON.parse(readFileSync(file, 'utf8'));
  if (!Array.isArray(cases) || cases.length === 0) throw new Error(`${file}: expected a list of golden cases`);
  cases.forEach((golden, i) => {
    const problem = problemOf(golden);
    if (problem) throw new Error(`${file}: case ${i} (${golden?.name ?? 'without a name'}) ${problem}`);
  });
  return cases;
}

export function goldenDifferences(where, got, expected, tolerance) {
  if (expected === null) {
    const isUndefined = got === undefined || got === null || Number.isNaN(got);
    return isUndefined ? [] : [`${where}: expected nothing, got ${String(got)}`];
  }
  if (Array.isArray(expected)) {
    const entries = Array.isArray(got) || ArrayBuffer.isView(got) ? Array.from(got) : undefined;
    if (entries?.length !== expected.length) {
      return [`${where}: expected ${expected.length} entries, got ${entries?.length ?? String(got)}`];
    }
    return expected.flatMap((value, i) => goldenDifferences(`${where}[${i}]`, entries[i], value, tolerance));
  }
  if (typeof expected === 'object') {
    if (!isObject(got)) return [`${where}: expected ${Object.keys(expected).join(', ')}, got ${String(got)}`];
    return Object.entries(expected).flatMap(([key, value]) =>
      goldenDifferences(`${where}.${key}`, got[key], value, tolerance),
    );
  }
  if (typeof expected === 'string') {
    return got === expected ? [] : [`${where}: expected '${expected}', got ${String(got)}`];
  }
  const wanted = Number(expected);
  const isNumber = typeof got === 'number' || typeof got === 'boolean';
  const isNear = isNumber && Math.abs(Number(got) - wanted) <= tolerance * Math.max(1, Math.abs(wanted));
  return isNear ? [] : [`${where}: expected ${expected} ± ${tolerance}, got ${String(got)}`];
}

const isAnswered = (got, key) => isObject(got) && Object.hasOwn(got, key);

/** What a call answers to the questions of a case; a function among the answers is called only when it is asked. */
function answersTo(expected, got) {
  const asked = Object.keys(expected).filter((key) => isAnswered(got, key));
  return Object.fromEntries(asked.map((key) => [key, typeof got[key] === 'function' ? got[key]() : got[key]]));
}

export function goldenSuite({ fixture: file, calls, pending = [], keepNull = [], tidy = (work) => work() }) {
  const other = process.env.GOLDEN_CASES;
  const fixture = readGoldenCases(file);
  const cases = other ? readGoldenCases(other) : fixture;
  const inFixture = new Set(fixture.map(({ fn }) => fn));

  const findings = [
    ...new Set(
      cases
        .filter(({ fn }) => !Object.hasOwn(calls, fn) && !pending.includes(fn))
        .map(({ fn }) => `unknown fn '${fn}': map it to a call, or list it as pending`),
    ),
    ...pending
      .filter((fn) => Object.hasOwn(calls, fn))
      .map((fn) => `'${fn}' is pending and mapped to a call: take it off the list of pending ones`),
    ...pending
      .filter((fn) => !inFixture.has(fn))
      .map((fn) => `'${fn}' is pending, but no case of the fixture asks for it: take it off the list`),
    ...Object.keys(calls)
      .filter((fn) => !inFixture.has(fn))
      .map((fn) => `'${fn}' is mapped to a call, but no case of the fixture asks for it: remove the call`),
  ];

  async function check({ fn, inputs, options, expected, tolerance }) {
    if (!Object.hasOwn(calls, fn)) return [`unknown fn '${fn}': map it to a call, or list it as pending`];
    const given = Object.fromEntries(
      Object.entries(options ?? {}).filter(([key, value]) => value !== null || keepNull.includes(key)),
    );
    const answers = await tidy(() => {
      const got = calls[fn](inputs, given, expected);
      return got instanceof Promise ? got.then((values) => answersTo(expected, values)) : answersTo(expected, got);
    });
    return Object.entries(expected).flatMap(([key, value]) =>
      isAnswered(answers, key)
        ? goldenDifferences(key, answers[key], value, tolerance)
        : [`no answer to '${key}' of '${fn}'`],
    );
  }

  return {
    title: `golden cases of ${other ? 'GOLDEN_CASES' : 'the fixture'}`,
    findings,
    fixture,
    cases: cases.filter(({ fn }) => !pending.includes(fn)),
    check,
  };
}
