import { presetNames, presetsWithoutVerdict } from '../benchmark/presets.js';
import type { ClaimResult } from '../claims/claim.js';
import type { Result } from '../result/schema.js';
import { textTable } from './text-table.js';

/** Of a result, what is told of its claims. */
type Judged = Pick<Result, 'paper' | 'preset' | 'seeds' | 'arms' | 'claims'>;

/** Three significant digits and a sign: `+0.312`, `−12.5`, `0`. */
function signed(value: number): string {
  const digits = String(Number(Math.abs(value).toPrecision(3)));
  return digits === '0' ? '0' : `${value > 0 ? '+' : '−'}${digits}`;
}

/** Whether a run is to measure a claim: in standard that is every claim, in other presets those whose arms it has. */
const isPart = ({ preset, seeds, arms }: Judged, { compare }: ClaimResult) =>
  preset === 'standard' || seeds.length === 0 || compare.every((arm) => arms[arm] !== undefined);

const givesNoVerdicts = ({ preset }: Judged) => presetsWithoutVerdict.includes(preset);

/**
 * The claims of a run as text: effect, interval, seeds, and the verdict or why there is none. What holds of a whole preset is left to
 * `claimNotes`. Empty where the run has no claim's arms.
 */
export function claimsTable(result: Judged): string {
  const claims = result.claims.filter((claim) => isPart(result, claim));
  if (claims.length === 0) return '';
  const verdictOf = ({ effect, verdict, reason }: ClaimResult) =>
    givesNoVerdicts(result) && effect !== null ? '' : (verdict ?? `none: ${reason}`);
  const hasVerdicts = claims.some((claim) => verdictOf(claim) !== '');
  const head = ['claim', 'compares', 'effect', '95 % interval', 'seeds', ...(hasVerdicts ? ['verdict'] : [])];
  const rows = claims.map((claim) => {
    const { id, kind, compare, metric, unit, effect, ci95, n } = claim;
    return [
      id,
      `${kind}: ${metric} of ${compare.join(', ')}`,
      effect === null ? '–' : `${signed(effect)} ${unit}`.trim(),
      ci95 ? `${signed(ci95[0])} … ${signed(ci95[1])}` : '–',
      String(n),
      ...(hasVerdicts ? [verdictOf(claim)] : []),
    ];
  });
  return textTable([head, ...rows]);
}

/**
 * What is to be known beside the table: the claims whose arms the preset does not run, and that a small preset gives no verdicts.
 *
 * @param presets those of the paper
 */
export function claimNotes(result: Judged, presets: readonly string[]): string[] {
  const { paper, preset, claims } = result;
  const others = claims.filter((claim) => !isPart(result, claim)).map(({ id }) => id);
  const judging = presetNames.find((name) => presets.includes(name) && !presetsWithoutVerdict.includes(name));
  const advice = judging === undefined ? '' : `; ${judging} gives them: papers run ${paper} --preset ${judging}`;
  return [
    ...(others.length > 0 ? [`not part of ${preset}: ${others.join(', ')}`] : []),
    ...(claims.length > 0 && givesNoVerdicts(result) ? [`${preset} is too small for verdicts${advice}`] : []),
  ];
}
