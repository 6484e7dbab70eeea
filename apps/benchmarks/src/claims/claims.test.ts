import { describe, expect, it } from '@jest/globals';
import type { ClaimResult } from '@tensor-papers/workbench';
import { standardResult } from '../../test/fixtures.js';
import { claimedRegion } from './claimed-region.js';
import { claimsTable } from './claims-table.js';
import { forestStrip, roundTicks, sharedScale } from './forest-strip.js';
import { ruleInWords } from './in-words.js';
import { countStandings } from './verdict.js';

const claim = (changes: Partial<ClaimResult> = {}): ClaimResult => ({ ...standardResult().claims[0]!, ...changes });
const infinity = Number.POSITIVE_INFINITY;

describe('claimedRegion', () => {
  it.each([
    ['superiority', 'higher', 0.5, 0.5, infinity],
    ['superiority', 'lower', 0.5, -infinity, -0.5],
    ['nonInferiority', 'higher', 0.3, -0.3, infinity],
    ['nonInferiority', 'lower', 0.3, -infinity, 0.3],
    ['trend', 'higher', 0, 0, infinity],
    ['equivalence', 'higher', 0.2, -0.2, 0.2],
    ['exact', 'higher', 0, 0, 0],
  ] as const)('%s, better %s, margin %p', (kind, better, margin, from, to) => {
    const region = claimedRegion({ kind, better, margin });
    expect([region.from + 0, region.to + 0]).toEqual([from, to]);
  });

  it('agrees with the verdicts of the fixture', () => {
    for (const { verdict, ci95, ...rest } of standardResult().claims) {
      const { from, to } = claimedRegion(rest);
      const [low, high] = ci95!;
      const expected =
        low > from && high < to ? 'supported' : high < from || low > to ? 'contradicted' : 'inconclusive';
      expect(`${rest.id} ${verdict}`).toBe(`${rest.id} ${expected}`);
    }
  });
});

describe('ruleInWords', () => {
  it('names the arms, the margin and the side', () => {
    expect(ruleInWords(claim())).toMatch(/interval of ban − teacher lies above −0\.3\spp\./);
    expect(ruleInWords(claim({ kind: 'superiority', margin: 0, better: 'lower' }))).toMatch(/lies below 0\spp\./);
    expect(ruleInWords(claim({ kind: 'equivalence', margin: 0.2 }))).toMatch(/between −0\.2\spp and 0\.2\spp\./);
    expect(ruleInWords(claim({ kind: 'exact' }))).toContain('equal in every seed');
  });
});

describe('forestStrip', () => {
  const scale = { from: -1, to: 1, ticks: [], digits: 2 };

  it('puts effect, interval, margin and region where they belong', () => {
    const { markup } = forestStrip(claim({ effect: 0.5, ci95: [0.25, 0.75], margin: 0.5 }), scale, 'H1');
    expect(markup).toContain('cx="75.00%"');
    expect(markup).toContain('x1="62.50%" x2="87.50%"');
    expect(markup).toContain('class="region" x="25.00%" y="2" width="75.00%"');
    expect(markup).toMatch(/aria-label="H1: effect \+0\.50\spp, 95 % interval \+0\.25 to \+0\.75"/);
  });

  it('draws nothing that was not measured', () => {
    const { markup } = forestStrip(claim({ effect: null, ci95: null }), scale, 'H1');
    expect(markup).not.toContain('<circle');
    expect(markup).not.toContain('class="interval"');
    expect(markup).toContain('no effect measured');
  });

  it('shares a scale that shows everything', () => {
    const { from, to, ticks } = sharedScale(standardResult().claims.slice(0, 6));
    for (const { ci95 } of standardResult().claims.slice(0, 6)) {
      expect(ci95![0]).toBeGreaterThan(from);
      expect(ci95![1]).toBeLessThan(to);
    }
    expect(ticks).toContain(0);
    expect(sharedScale([claim({ effect: null, ci95: null, margin: 0 })]).ticks.every(Number.isFinite)).toBe(true);
    expect(roundTicks(-0.7, 0.75)).toEqual([-0.5, 0, 0.5]);
  });
});

describe('claimsTable', () => {
  it('shows the verdict, and for a demo none', () => {
    const claims = standardResult().claims;
    const shown = claimsTable(claims, { label: 'Claims', prefix: 'claim' }).markup;
    expect(shown).toContain('badge supported');
    expect(shown).toContain('badge contradicted');
    const demo = claimsTable(claims, { label: 'Claims', prefix: 'claim', demo: true }).markup;
    expect(demo).not.toMatch(/badge (supported|contradicted|inconclusive)/);
    expect(demo).not.toMatch(/strip (supported|contradicted|inconclusive)/);
    expect(demo.match(/badge demo/g)).toHaveLength(claims.length);
  });

  it('says what has not been run, and why there is no verdict', () => {
    const { markup } = claimsTable(
      [
        claim({ n: 0, effect: null, ci95: null, verdict: null }),
        claim({ id: 'H2', n: 1, ci95: null, verdict: null, reason: 'one seed' }),
      ],
      { label: 'Claims', prefix: 'claim' },
    );
    expect(markup).toContain('Not run');
    expect(markup).toContain('one seed');
  });

  it('counts the verdicts', () => {
    expect(countStandings(standardResult().claims)).toEqual({
      supported: 2,
      contradicted: 1,
      inconclusive: 4,
      none: 0,
    });
  });
});
