import { describe, expect, it } from '@jest/globals';
import { demoResult, examplePaper, standardResult } from '../test/fixtures.js';
import { overviewPage } from './overview-page.js';
import { paperPage } from './paper-page.js';
import { paperWithoutFile } from './read-papers.js';

const verdictBadge = /class="badge (supported|contradicted|inconclusive)"/;
/** The explanation of verdicts shows one of each. */
const withoutExplanation = (page: string) => page.replace(/<section id="verdicts"[\s\S]*/, '');

describe('overviewPage', () => {
  it('answers what holds, with the counts of the committed run', () => {
    const page = overviewPage([{ paper: examplePaper(), standard: standardResult(), demo: demoResult() }]);
    expect(page).toMatch(/<li class="supported"><strong>2<\/strong>/);
    expect(page).toMatch(/<li class="contradicted"><strong>1<\/strong>/);
    expect(page).toContain('href="example/index.html#claim-h1"');
    expect(page).toContain('How a verdict is computed');
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
  it('goes from claim to evidence to method to how to reproduce', async () => {
    const page = await paperPage({ paper: examplePaper(), standard: standardResult(), demo: demoResult() });
    const order = ['claims', 'arms', 'figures', 'method', 'deviations', 'reproduce', 'cite', 'demo'].map((id) =>
      page.indexOf(`<section id="${id}"`) < 0 ? page.indexOf(`id="${id}"`) : page.indexOf(`<section id="${id}"`),
    );
    expect(order.every((position) => position > 0)).toBe(true);
    expect([...order].sort((a, b) => a - b)).toEqual(order);
    expect(page).toContain(standardResult().command);
    expect(page).toContain('@article{author2018example');
    expect(page).toContain(standardResult().data[0]!.sha256);
    expect(page).toContain('<math');
    expect(page).toContain('Penn Treebank');
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
      expect(page).not.toMatch(/undefined|NaN|\[object/);
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
    expect(page).not.toContain('<script');
    expect(page).not.toContain('javascript:');
  });

  it('names the formula that cannot be typeset', async () => {
    const paper = examplePaper();
    await expect(
      paperPage({ paper: { ...paper, equations: [{ id: '1', title: 'Broken', tex: '\\frac{' }] } }),
    ).rejects.toThrow(/the formula "Broken" is not TeX/);
  });
});
