/** `service-log`: what the service of this host says, at a pace that can be read. */
import { type Program, paced } from './program.ts'
import type { Random } from './random.ts'
import { apiService } from './services/api-service.ts'
import { dbService } from './services/db-service.ts'
import type { Said, Service } from './services/service.ts'
import { webService } from './services/web-service.ts'
import { workerService } from './services/worker-service.ts'

export const serviceLog: Program = {
  summary: 'log of the service of this host, endless or COUNT entries; trouble goes to stderr',
  run: (stage) => {
    const { random, host } = stage
    return paced(stage, async (index) => {
      const isTroubled = isTroubledAt(stage.now())
      const { channel, text } = serviceSays(host, { random, isTroubled })
      await stage[channel](`${text}\n`)
      return pauseMs(random, { index, isTroubled })
    })
  },
}

/** What the service on a host of this name says next. */
export function serviceSays(host: string, moment: Parameters<Service>[0]): Said {
  return (services[hostKind(host)] ?? apiService)(moment)
}

/** `web` of `web-1`. */
export function hostKind(host: string): string {
  return host.replace(/-\d+$/, '')
}

const services: Readonly<Record<string, Service>> = {
  web: webService,
  api: apiService,
  worker: workerService,
  db: dbService,
}

/**
 * The hosts know nothing of each other but the time: by it the database gets into trouble on all of
 * them at once, as in a real incident, which is what one log of many hosts is good for.
 */
export function isTroubledAt(time: Date): boolean {
  return time.getTime() % troubleEveryMs < troubleMs
}

const troubleEveryMs = 45_000
const troubleMs = 5_000

/** Quick until there is something to read, then about one line per second and host. */
function pauseMs(random: Random, now: { index: number; isTroubled: boolean }): number {
  if (now.index < firstEntries) return random.int(60, 500)
  return now.isTroubled ? random.int(250, 900) : random.int(500, 2_200)
}

const firstEntries = 7
