import { describe, expect, it } from '@jest/globals';
import { demoResult, examplePaper, readable, standardResult } from '../test/fixtures.js';
import { overviewPage } from './overview-page.js';
import { paperPage } from './paper-page.js';
import { type PaperInfo, paperWithoutFile } from './read-papers.js';

const verdictBadge = /class="badge (supported|contradicted|inconclusive)"/;
/** The explanation of verdicts shows one of each. */
const withoutExplanation = (page: string) => page.replace(/<section id="verdicts"[\s\S]*/, '');

const withPackage = (): PaperInfo => ({
  ...examplePaper(),
  package: {
    name: '@scope/example',
    install: ['@scope/example', '@peer/p'],
    documents: [
      { title: 'README', file: { path: 'packages/example/README.md' } },
      { title: 'Method', file: { path: 'docs/methods/example.md', address: 'https://example.org/methods' } },
    ],
  },
});

describe('overviewPage', () => {
  it('answers what holds, with the counts of the committed run', () => {
    const page = overviewPage([{ paper: examplePaper(), standard: standardResult(), demo: demoResult() }]);
    expect(page).toMatch(/<li class="supported"><strong>2<\/strong>/);
    expect(page).toMatch(/<li class="contradicted"><strong>1<\/strong>/);
    expect(page).toContain('href="example/index.html#claim-h1"');
    expect(page).toContain('How a verdict is computed');
  });

  it('counts a claim once, says how often its repeats agree, and puts them under it', () => {
    const page = withoutExplanation(overviewPage([{ paper: examplePaper(), standard: standardResult() }]));
    expect(page).toContain('7 claims of 1 paper');
    expect(page).toMatch(
      /other data 2 times: 1 with the same verdict, 1 with another \(example: H1 on handwritten digits\)/,
    );
    const rows = [...page.matchAll(/<tr role="row" id="example-claim-([\w-]+)"/g)].map(([, id]) => id);
    expect(rows.slice(0, 5)).toEqual(['h1', 'h1-digits', 'h2', 'h3', 'h3-digits']);
  });

  it('draws effects of one unit and paper on one scale, whatever size those of another paper have', () => {
    const [one, other] = [standardResult(), standardResult()];
    const claim = one.claims[0]!;
    one.claims = [
      { ...claim, effect: 0.5, ci95: [0.4, 0.6] },
      { ...claim, id: 'H9', effect: -0.5, ci95: [-0.6, -0.4] },
    ];
    other.claims = [{ ...claim, effect: 8, ci95: [7, 9] }];
    const papers = [examplePaper(), { ...examplePaper(), name: 'other' }];
    const page = withoutExplanation(
      overviewPage([
        { paper: papers[0]!, standard: one },
        { paper: papers[1]!, standard: other },
      ]),
    );
    const zeros = [...page.matchAll(/class="zero" x1="([\d.]+)%"/g)].map(([, x]) => x);
    expect(zeros).toHaveLength(3);
    expect(zeros[0]).toBe(zeros[1]);
    expect(zeros[0]).not.toBe(zeros[2]);
  });

  it('names the package of a paper, and leads to the papers where there are several', () => {
    const page = overviewPage([{ paper: withPackage() }, { paper: { ...examplePaper(), name: 'other' } }]);
    expect(page.match(/Package <code>@scope\/example<\/code>/g)).toHaveLength(1);
    expect(page).toMatch(/aria-label="On this page"><ul><li><a href="#example">[^<]+<\/a><\/li><li><a href="#other">/);
    expect(overviewPage([{ paper: examplePaper() }])).not.toContain('On this page');
  });

  it('folds the claims of a paper that was never run', () => {
    const page = withoutExplanation(overviewPage([{ paper: { ...examplePaper(), claims: standardResult().claims } }]));
    expect(page).toMatch(/<details class="note"><summary>\d+ claims, declared before any run<\/summary><table/);
  });

  it('shows a demo as a demo, without verdicts', () => {
    const page = withoutExplanation(overviewPage([{ paper: examplePaper(), demo: demoResult() }]));
    expect(page).toContain('<strong>Demo.</strong>');
    expect(page).toContain('badge demo');
    expect(page).not.toMatch(verdictBadge);
  });

  it('stands with papers that were not run, and with nothing at all', () => {
    const claim = standardResult().claims[0]!;
    const page = withoutExplanation(overviewPage([{ paper: { ...examplePaper(), claims: [claim] } }]));
    expect(page).toContain('Not run yet.');
    expect(page).toContain(claim.statement.slice(0, 30));
    expect(page).not.toMatch(verdictBadge);
    expect(overviewPage([])).toContain('npx -y pnpm@10 benchmark');
  });
});

describe('paperPage', () => {
  it('goes from claim to evidence, how sure, study, how to reproduce; then method, deviations, values, citation', async () => {
    const study = { ...standardResult(), preset: 'study' as const };
    const page = await paperPage({ paper: examplePaper(), standard: standardResult(), study, demo: demoResult() });
    const sections = [
      'claims',
      'figures',
      'sure',
      'study',
      'reproduce',
      'method',
      'deviations',
      'values',
      'cite',
      'demo',
    ];
    const order = sections.map((id) => page.indexOf(`<section id="${id}"`));
    expect(order.every((position) => position > 0)).toBe(true);
    expect([...order].sort((a, b) => a - b)).toEqual(order);
    expect(page).toContain(standardResult().command);
    expect(page).toContain('@article{author2018example');
    expect(page).toContain(standardResult().data[0]!.sha256);
    expect(page).toContain('<math');
    expect(page).toContain('Penn Treebank');
  });

  it('leads to the code: what to install, documents by path or by link', async () => {
    const page = await paperPage({ paper: withPackage(), standard: standardResult() });
    const top = page.split('<section')[0]!;
    expect(top).toContain('npm i @scope/example @peer/p</code>');
    expect(top).toContain('README: <code>packages/example/README.md</code>');
    expect(top).toContain('<a href="https://example.org/methods"><code>docs/methods/example.md</code></a>');
    expect(await paperPage({ paper: examplePaper() })).not.toContain('npm i');
  });

  it('gives a demo no verdict anywhere', async () => {
    const page = await paperPage({ paper: examplePaper(), demo: demoResult() });
    expect(page).toContain('A demo, not evidence.');
    expect(page).not.toMatch(verdictBadge);
  });

  it('stands without results, figures, arms, equations and notes', async () => {
    const bare = { ...standardResult(), figures: [], arms: {}, armInfo: {}, notes: [], data: [], claims: [] };
    for (const entry of [
      { paper: paperWithoutFile('example') },
      { paper: paperWithoutFile('example'), standard: bare },
      { paper: examplePaper(), demo: bare },
    ]) {
      const page = await paperPage(entry);
      expect(page).toContain('</html>');
      expect(readable(page)).not.toMatch(/undefined|NaN|\[object/);
      for (const [, anchor] of page.matchAll(/href="#([^"]+)"/g)) expect(page).toContain(`id="${anchor}"`);
    }
  });

  it('escapes what a result file brings', async () => {
    const evil = '"><script>alert(1)</script>';
    const standard = standardResult();
    const page = await paperPage({
      paper: { ...examplePaper(), title: evil, summary: evil, url: 'javascript:alert(1)', deviations: [evil] },
      standard: {
        ...standard,
        command: evil,
        notes: [evil],
        claims: standard.claims.map((claim) => ({ ...claim, id: evil, statement: evil, published: evil, unit: evil })),
        arms: { [evil]: { [evil]: standard.seeds.map(() => 1) } },
      },
    });
    // The page's own.
    expect(page.match(/<script/g)).toHaveLength(1);
    expect(page).not.toContain('javascript:');
  });

  it('stands with one seed, without claims, with a command or a machine that is not known', async () => {
    const standard = standardResult();
    const { command: _c, machine: _m, tfjs: _t, node: _n, ...rest } = standard;
    const arms = Object.fromEntries(
      Object.entries(standard.arms).map(([arm, metrics]) => [
        arm,
        Object.fromEntries(Object.entries(metrics).map(([metric, values]) => [metric, values.slice(0, 1)])),
      ]),
    );
    const single = standard.claims.map((claim) => ({ ...claim, ci95: null, n: 1, verdict: null, reason: 'one seed' }));
    for (const claims of [single, []]) {
      const page = await paperPage({ paper: examplePaper(), standard: { ...rest, seeds: [1], arms, claims } });
      expect(readable(page)).not.toMatch(/undefined|NaN|\[object/);
      expect(page).toContain('no single command repeats it');
      expect(page).not.toMatch(verdictBadge);
      expect(page.includes('id="sure"')).toBe(true);
      expect(page.includes('One seed has no spread')).toBe(claims.length > 0);
    }
  });

  it('names the formula that cannot be typeset', async () => {
    const paper = examplePaper();
    await expect(
      paperPage({ paper: { ...paper, equations: [{ id: '1', title: 'Broken', tex: '\\frac{' }] } }),
    ).rejects.toThrow(/the formula "Broken" is not TeX/);
  });
});
