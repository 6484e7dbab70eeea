#!/usr/bin/env bash
# Runs `papers plan` as an array on a real Slurm and joins the parts: a controller, a daemon and their authentication on this one machine, set
# up in a temporary folder and stopped at the end. Needs root and, on Debian or Ubuntu: apt-get install slurmctld slurmd slurm-client munge
#
#   scripts/slurm-check.sh [paper] [preset] [seeds]        default: ban smoke 3
set -euo pipefail
cd "$(dirname "$0")/.."
paper=${1:-ban} preset=${2:-smoke} seeds=${3:-3}

for program in munged slurmctld slurmd sbatch squeue; do
  command -v "$program" > /dev/null || { echo "slurm-check: no $program here: apt-get install slurmctld slurmd slurm-client munge" >&2; exit 1; }
done
[ "$(id -u)" = 0 ] || { echo 'slurm-check: slurmd starts jobs as other users and so needs root' >&2; exit 1; }

folder=$(mktemp -d)
pids=()
stop() {
  for pid in "${pids[@]}"; do kill "$pid" 2> /dev/null || true; done
  wait
  rm -rf "$folder"
}
trap stop EXIT

host=$(hostname -s)
export SLURM_CONF=$folder/slurm.conf
cat > "$SLURM_CONF" << END
ClusterName=check
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=16817
SlurmdPort=16818
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=$folder/munge.socket
CredType=cred/munge
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=2
NodeName=$host NodeAddr=127.0.0.1 CPUs=$(nproc) State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
END
chmod 755 "$folder"
mkdir "$folder/state" "$folder/spool"
dd if=/dev/urandom of="$folder/munge.key" bs=64 count=1 2> /dev/null
chmod 600 "$folder/munge.key"

munged --foreground --force --key-file="$folder/munge.key" --socket="$folder/munge.socket" --pid-file="$folder/munge.pid" \
  --log-file="$folder/munge.log" --seed-file="$folder/munge.seed" &> "$folder/munged.out" &
pids+=($!)
for _ in $(seq 50); do [ -S "$folder/munge.socket" ] && break; sleep 0.1; done
slurmctld -D -f "$SLURM_CONF" &> "$folder/slurmctld.out" &
pids+=($!)
slurmd -D -f "$SLURM_CONF" -N "$host" &> "$folder/slurmd.out" &
pids+=($!)
for _ in $(seq 100); do sinfo -h -t idle -o %D 2> /dev/null | grep -q 1 && break; sleep 0.2; done
sinfo || { tail -n 20 "$folder"/slurm*.out "$folder"/slurm*.log >&2; exit 1; }

# One line a task, as the README of packages/workbench says.
parts=.results/slurm-check
rm -rf "$parts"
mkdir -p "$parts"
npx -y pnpm@10 --silent papers plan "$paper" --preset "$preset" --seeds "$seeds" --out "$parts/parts" > "$parts/runs.txt"
lines=$(wc -l < "$parts/runs.txt")
job=$(sbatch --parsable --array="1-$lines" --output="$parts/task-%a.log" --wrap 'sed -n "${SLURM_ARRAY_TASK_ID}p" '"$parts/runs.txt"' | bash')
echo "job $job: $lines tasks"
while [ -n "$(squeue -h -j "$job" 2> /dev/null)" ]; do sleep 1; done
npx -y pnpm@10 --silent papers merge "$parts/parts/$paper"-*/"$paper.json" --json "$parts/merged.json" || { tail -n 20 "$parts"/task-*.log >&2; exit 1; }

# The same seeds in one run give the same numbers.
npx -y pnpm@10 --silent papers run "$paper" --preset "$preset" --seeds "$seeds" --json "$parts/straight.json" --out "$parts/straight" \
  &> "$parts/straight.log" || { tail -n 20 "$parts/straight.log" >&2; exit 1; }
node -e '
const [merged, straight] = process.argv.slice(1).map((file) => JSON.parse(require("node:fs").readFileSync(file, "utf8")));
const same = ["seeds", "arms", "claims"].every((field) => JSON.stringify(merged[field]) === JSON.stringify(straight[field]));
console.log(same ? `slurm-check: ${merged.seeds.length} seeds by Slurm and in one run: the same numbers` : "slurm-check: the numbers differ");
process.exit(same ? 0 : 1);
' "$parts/merged.json" "$parts/straight.json"
