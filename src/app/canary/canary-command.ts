/** The command that a canary runs on the host. It needs a POSIX sh and printf, and nothing else. */
import { type CanaryPlan, canaryFiller, sumFactor, sumModulus } from './canary-lines.ts'

export interface CanaryCommand {
  readonly out: CanaryPlan
  readonly err: CanaryPlan
}

/** Every so many lines of stdout one goes to stderr: both channels are tried. */
const linesPerErrLine = 10
/** With a stamp at most so many, since each may cost the host a process. */
const stampsMax = 200

/** Plans for `lines` lines on stdout, and fewer on stderr. `seed` is 1 to 9,998. */
export function planCanary(lines: number, seed: number): CanaryCommand {
  const err = Math.max(1, Math.floor(lines / linesPerErrLine))
  return { out: { seed, lines }, err: { seed: seed + 1, lines: err } }
}

/**
 * The clock is `date` where it gives nanoseconds (GNU, BusyBox), else the seconds since boot with
 * two decimals (Linux); where there is neither, lines carry no stamp.
 */
export function canaryCommand({ out, err }: CanaryCommand): string {
  const every = Math.max(1, Math.ceil(out.lines / stampsMax))
  return `# A canary of farglass: known lines, to be read back.
clock=none
case $(date +%s.%N 2>/dev/null) in
*[!0-9.]* | .*) ;;
*.?????????) clock=date ;;
esac
if [ $clock = none ] && [ -r /proc/uptime ]; then clock=uptime; fi
stamp() {
  case $clock in
  date) t=$(date +%s.%N) ;;
  uptime) read -r t rest </proc/uptime ;;
  none) t=- ;;
  esac
}
sum() {
  case $t in
  -) a=0 b=1 ;;
  *) a=\${t%.*} b=1\${t#*.} ;;
  esac
  c=$(($1 * ${sumFactor} + $2 % ${sumModulus}))
  c=$((c % ${sumModulus} * ${sumFactor} + a % ${sumModulus}))
  c=$((c % ${sumModulus} * ${sumFactor} + b % ${sumModulus}))
  c=$((c % ${sumModulus}))
}
filler='${canaryFiller}'
n=0 m=0
while [ $n -lt ${out.lines} ]; do
  n=$((n + 1)) t=-
  if [ $n -eq 1 ] || [ $((n % ${every})) -eq 0 ]; then stamp; fi
  sum ${out.seed} $n
  printf '%s\\n' "farglass canary ${out.seed} $n $t $c $filler"
  if [ $m -lt ${err.lines} ] && [ $(((m + 1) * ${linesPerErrLine})) -le $n ]; then
    m=$((m + 1)) t=-
    sum ${err.seed} $m
    printf '%s\\n' "farglass canary ${err.seed} $m $t $c $filler" >&2
  fi
done
while [ $m -lt ${err.lines} ]; do
  m=$((m + 1)) t=-
  sum ${err.seed} $m
  printf '%s\\n' "farglass canary ${err.seed} $m $t $c $filler" >&2
done`
}
