import { describe, expect, it } from '@jest/globals';
import type { ClaimResult } from '@tensor-papers/workbench';
import { standardResult } from '../../test/fixtures.js';
import { claimFamilies, comparedRepeats } from './claim-families.js';
import { claimedRegion } from './claimed-region.js';
import { claimsTable } from './claims-table.js';
import { forestStrip, roundTicks, sharedScale } from './forest-strip.js';
import { effectText, firstSentence, intervalText, outcomeInWords, ruleInWords } from './in-words.js';
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
    expect(ruleInWords(claim({ kind: 'superiority', margin: 0, better: 'lower' }))).toMatch(/lies below 0\./);
    expect(ruleInWords(claim({ kind: 'equivalence', margin: 0.2 }))).toMatch(/between −0\.2\spp and 0\.2\spp\./);
    expect(ruleInWords(claim({ kind: 'exact' }))).toContain('equal in every seed');
  });
});

describe('effectText and intervalText', () => {
  it('show an effect that is small against its margin, and tell the ends of its interval apart', () => {
    expect(effectText(0.0015134, 'nats')).toBe('+0.00151\u00a0nats');
    expect(intervalText([0.00020189, 0.0028249])).toBe('+0.000202 to +0.00282');
    expect(intervalText([-12.5, 0])).toBe('−12.5 to 0');
    expect(intervalText([25.01, 25.04])).toBe('+25.01 to +25.04');
    expect(intervalText([11.613065326633164, 11.613065326633166])).toBe('+11.6 to +11.6');
  });

  it('stand in the strip, in the table and in words', () => {
    const small = claim({ kind: 'equivalence', margin: 0.05, effect: 0.0015134, ci95: [0.00020189, 0.0028249] });
    const { markup } = claimsTable([{ ...small, verdict: 'supported' }], { label: 'C', prefix: 'c' });
    expect(markup.match(/\+0\.000202 to \+0\.00282/g)).toHaveLength(2);
    expect(markup).toContain('ban is 0.00151\u00a0pp above teacher');
    expect(markup).not.toContain('0.00 ');
  });
});

describe('outcomeInWords', () => {
  const space = '\u00a0';
  it.each([
    [{ kind: 'superiority', margin: 0, ci95: [0.1, 0.5], verdict: 'supported' }, 'whole interval above 0.'],
    [{ kind: 'superiority', margin: 0.2, ci95: [-0.4, 0.1], verdict: 'contradicted' }, `below 0.2${space}pp.`],
    [{ kind: 'nonInferiority', margin: 0.3, ci95: [-0.5, 0.1], verdict: 'inconclusive' }, `includes −0.3${space}pp.`],
    [
      { kind: 'superiority', margin: 0, better: 'lower', ci95: [-3, -1], verdict: 'supported' },
      'whole interval below 0.',
    ],
    [
      { kind: 'superiority', margin: 0, better: 'lower', ci95: [1, 3], verdict: 'contradicted' },
      'whole interval above 0.',
    ],
    [
      { kind: 'equivalence', margin: 0.2, ci95: [-0.1, 0.1], verdict: 'supported' },
      `−0.2${space}pp and 0.2${space}pp.`,
    ],
  ] as const)('names the edge and the side of it (%#)', (changes, end) => {
    const text = outcomeInWords(claim(changes as unknown as Partial<ClaimResult>));
    expect(text.endsWith(end)).toBe(true);
    expect(text).toContain(`ban is 0.0316${space}pp above teacher`);
  });

  it('says what is equal, what falls, and nothing about an interval where there is no verdict', () => {
    expect(outcomeInWords(claim({ effect: 0, verdict: null }))).toBe('ban and teacher are the same on average.');
    expect(outcomeInWords(claim({ kind: 'trend', effect: -0.2, verdict: null, compare: ['a', 'b', 'c'] }))).toBe(
      `Down 0.200${space}pp per step over a → b → c.`,
    );
    expect(outcomeInWords(claim({ kind: 'exact', effect: 0, ci95: null }))).toBe('ban, teacher are equal.');
    const last = outcomeInWords(claim({ kind: 'exact', effect: 1e-16, ci95: null }));
    expect(last).toBe(`They differ by up to 1e−16${space}pp.`);
  });
});

describe('outcomeInWords of a repeat', () => {
  const repeats = { claim: 'H1', on: 'digits' };
  it('leaves a common first part of the arms away, which the row says already', () => {
    const compare = ['digits/ban', 'digits/teacher'];
    expect(outcomeInWords(claim({ compare, repeats, verdict: null }))).toMatch(/^ban is .* above teacher\.$/);
    expect(outcomeInWords(claim({ compare, verdict: null }))).toMatch(/^digits\/ban is .* above digits\/teacher\.$/);
    const mixed = ['digits/ban', 'teacher'];
    expect(outcomeInWords(claim({ compare: mixed, repeats, verdict: null }))).toMatch(/^digits\/ban .* teacher\.$/);
  });
});

describe('firstSentence', () => {
  it('ends at a full stop before a capital, not at one in a number or an abbreviation', () => {
    expect(firstSentence('Worse by 0.3 points, see eq. 7. Our control.')).toEqual([
      'Worse by 0.3 points, see eq. 7.',
      'Our control.',
    ]);
    expect(firstSentence('No end')).toEqual(['No end', '']);
  });
});

describe('claimFamilies', () => {
  const repeat = (id: string, of: string, verdict: ClaimResult['verdict']) =>
    claim({ id, verdict, repeats: { claim: of, on: 'other images' } });

  it('puts repeats under their claim, in order, and lets one without its claim stand by itself', () => {
    const claims = [repeat('A2', 'A', 'supported'), claim({ id: 'A' }), claim({ id: 'B' }), repeat('C2', 'C', null)];
    expect(claimFamilies(claims).map(({ claim, repeats }) => [claim.id, ...repeats.map(({ id }) => id)])).toEqual([
      ['A', 'A2'],
      ['B'],
      ['C2'],
    ]);
  });

  it('compares verdicts only where there are two', () => {
    const families = claimFamilies([
      claim({ id: 'A', verdict: 'supported' }),
      repeat('A2', 'A', 'supported'),
      repeat('A3', 'A', 'inconclusive'),
      repeat('A4', 'A', null),
      claim({ id: 'B', verdict: null }),
      repeat('B2', 'B', 'contradicted'),
    ]);
    const { all, differing } = comparedRepeats(families);
    expect(all.map(({ id }) => id)).toEqual(['A2', 'A3']);
    expect(differing.map(({ id }) => id)).toEqual(['A3']);
  });
});

describe('forestStrip', () => {
  const scale = { from: -1, to: 1, ticks: [] };

  it('puts effect, interval, margin and region where they belong', () => {
    const { markup } = forestStrip(claim({ effect: 0.5, ci95: [0.25, 0.75], margin: 0.5 }), scale, 'H1');
    expect(markup).toContain('cx="75.00%"');
    expect(markup).toContain('x1="62.50%" x2="87.50%"');
    expect(markup).toContain('class="region" x="25.00%" y="2" width="75.00%"');
    expect(markup).toMatch(/aria-label="H1: effect \+0\.500\spp, 95 % interval \+0\.250 to \+0\.750"/);
  });

  it('draws nothing that was not measured', () => {
    const { markup } = forestStrip(claim({ effect: null, ci95: null }), scale, 'H1');
    expect(markup).not.toContain('<circle');
    expect(markup).not.toContain('class="interval"');
    expect(markup).toContain('no effect measured');
  });

  it('leaves an effect of another size beyond the scale, with an arrow and its figures', () => {
    const small = [0.2, 0.4, -0.1].map((effect) => claim({ effect, ci95: [effect - 0.2, effect + 0.2], margin: 0 }));
    const large = claim({ effect: 19.6, ci95: [13.3, 25.9], margin: 0 });
    const shared = sharedScale([...small, large]);
    expect(shared).toEqual(sharedScale(small));
    const { markup } = forestStrip(large, shared, 'H7');
    expect(markup).toContain('▶');
    expect(markup).not.toContain('<circle');
    expect(markup).not.toContain('class="interval"');
    expect(markup).toMatch(/effect \+19\.6\spp, 95\s%\sinterval \+13\.3\sto\s\+25\.9/);
    expect(forestStrip(claim({ effect: -19.6, ci95: null }), shared, 'H7').markup).toContain('◀');
    expect(forestStrip(small[0]!, shared, 'H1').markup).toContain('<circle');
    expect(sharedScale([large]).to).toBeGreaterThan(25.9);
    const seeds = (each: { effect: number | null }) => [each.effect! - 0.7];
    expect(sharedScale([...small, large], seeds)).toEqual(sharedScale(small, seeds));
    expect(sharedScale(small, seeds).from).toBeLessThan(-0.8);
    // Claims that were not run yet, however many, say nothing about the size of effects.
    const notRun = Array.from({ length: 20 }, () => ({ ...large, effect: null, ci95: null, margin: 0 }));
    expect(sharedScale([...small, ...notRun, large])).toEqual(sharedScale(small));
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

  it('says where a repeat came out otherwise, and only there', () => {
    const { markup } = claimsTable(standardResult().claims, { label: 'Claims', prefix: 'claim' });
    expect(markup.match(/class="differs"/g)).toHaveLength(1);
    expect(markup).toContain('The verdicts differ: supported in H1, contradicted on handwritten digits.');
    const row = /<tr role="row" id="claim-h1-digits" class="repeat">[\s\S]*?<\/tr>/.exec(markup)![0];
    expect(row).toContain('On handwritten digits');
    expect(row).toContain('badge contradicted');
  });

  it('tells of a detailed claim what its arms are, and what is published once', () => {
    const original = claim({ id: 'A', published: 'seventeen' });
    const repeat = claim({ id: 'B', published: 'seventeen', repeats: { claim: 'A', on: 'digits' } });
    const armInfo = { ban: 'a student', teacher: 'a teacher', other: 'a stranger' };
    const { markup } = claimsTable([original, repeat], { label: 'C', prefix: 'c', detailed: true, armInfo });
    expect(markup.match(/seventeen/g)).toHaveLength(1);
    expect(markup).toContain('<strong>ban</strong>: a student');
    expect(markup).not.toContain('a stranger');
    expect(claimsTable([original], { label: 'C', prefix: 'c', armInfo }).markup).not.toContain('a student');
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
      supported: 3,
      contradicted: 2,
      inconclusive: 4,
      none: 0,
    });
  });
});
