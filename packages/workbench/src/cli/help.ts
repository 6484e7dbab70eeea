import { engineChoices } from './run-options.js';

const examples = 'Examples (papers stands for npx -y pnpm@10 -s papers):';

/** What stands below the help of a command. */
export const helpOf = {
  papers: `
How much is run (--preset), on 2 cores with the native engine:
  smoke     <= 15 s a paper     shipped images; shows that it runs
  quick     <= 60 s a paper     a demo without verdicts
  standard  <= 90 min a paper   real data, seeds, every claim with effect, interval and verdict
  study     hours               where the method helps and where it does not
  paper     days on a GPU       the paper's own set-up, on your copy of its data

${examples}
  papers run ban                              a demo in a minute
  papers run ban --preset standard --resume   what is committed in results/, again
  papers run ban --json - | jq .claims        one paper, for another program
  papers report                               the site of results
  papers data list                            what real images there are

Environment:
  TENSOR_PAPERS_ENGINE    ${engineChoices.join(', ')}
  TENSOR_PAPERS_THREADS   threads of one process; seeds run side by side, one thread each
  TENSOR_PAPERS_CACHE     where engines and data are kept
  TENSOR_PAPERS_DATA      your own copies of data sets, only read

Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted (finished seeds are kept; --resume goes on)`,
  run: `
${examples}
  papers run ban triplet --preset quick
  papers run ban --preset standard --seed 11 --seeds 5 --resume    seeds 11 to 15; finished ones are kept
  papers run ban --preset standard --dry-run                       what it would run, and on what data`,
  plan: `
${examples}
  papers plan --preset standard | xargs -P 2 -I{} sh -c '{}'
  papers plan --preset standard | parallel
  papers plan ban --preset study --block 2 > jobs.txt     a Slurm array: sh -c "$(sed -n "\${SLURM_ARRAY_TASK_ID}p" jobs.txt)"

How the parts are merged is said on standard error.`,
  merge: `
${examples}
  papers merge .results/standard/parts/ban-*/ban.json --json .results/standard/ban.json`,
  data: `
${examples}
  papers data list
  papers data fetch fashion-mnist opencv-digits

Nothing is fetched before it is asked for; each data set is verified, and its licence and citation are printed.`,
} as const;
