/** A line as syslog and `journalctl` show it: the service beside the system it runs on. */
import type { Random } from './random.ts'
import { hostKind, serviceSays } from './service-log.ts'

export function journalLine(random: Random, time: Date, host: string): string {
  const stamp = `${months[time.getMonth()] ?? 'Jan'} ${String(time.getDate()).padStart(2, ' ')} ${clock(time)}`
  return `${stamp} ${host} ${random.chance(0.2) ? random.pick(system)(random) : service(random, host)}`
}

function service(random: Random, host: string): string {
  const { text } = serviceSays(host, { random, isTroubled: false })
  const [first = ''] = text.replaceAll(colours, '').split('\n')
  return `${units[hostKind(host)] ?? 'api'}[812]: ${first}`
}

const units: Readonly<Record<string, string>> = { web: 'nginx', db: 'postgres', worker: 'worker' }

function clock(time: Date): string {
  return time.toTimeString().slice(0, 8)
}

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')
const colours = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g')

type Line = (random: Random) => string

const system: readonly [Line, ...Line[]] = [
  () => 'systemd[1]: Started sysstat-collect.service - system activity accounting tool.',
  (random) =>
    `sshd[${random.int(2_000, 9_999)}]: Accepted publickey for demo from 10.0.4.2 port ${random.int(32_000, 60_000)} ssh2: ED25519 SHA256:${random.hex(12)}`,
  (random) =>
    `CRON[${random.int(2_000, 9_999)}]: (root) CMD (cd / && run-parts --report /etc/cron.hourly)`,
  () => 'systemd-resolved[402]: Clock change detected. Flushing caches.',
  () => 'systemd[1]: logrotate.service: Deactivated successfully.',
]
