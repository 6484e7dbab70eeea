import { type DataSetEntry, listDataSets } from '@tensor-papers/datasets';
import type { PlannedRun } from './run-options.js';

/** What a run would do, as text. @param own data sets that papers bring themselves */
export function describeRun({ paper, benchmark, preset, seeds }: PlannedRun, own: readonly DataSetEntry[]): string {
  const { config } = benchmark.presets[preset]!;
  const catalogue = [...listDataSets(), ...own];
  const data = benchmark.data(config).map((id) => {
    const entry = catalogue.find((each) => each.id === id);
    if (!entry) return `${id} (neither in the catalogue nor a paper's own: \`papers data list\` names what there is)`;
    return entry.fetched ? id : `${id} (not here yet: \`papers data fetch ${id}\`)`;
  });
  return [
    `${paper.name}  preset ${preset}, seeds ${seeds.join(', ')}`,
    `  arms    ${Object.keys(benchmark.arms).join(', ')}`,
    `  claims  ${paper.claims.map(({ id }) => id).join(', ') || 'none'}`,
    `  data    ${data.join(', ') || 'none'}`,
    `  config  ${JSON.stringify(config)}`,
  ].join('\n');
}
