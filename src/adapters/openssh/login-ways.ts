/** Which servers a login reaches, by what ssh_config makes of its destination. */
import { type Destination, parseDestination } from '../../shared/destination.ts'
import type { SshSettings } from '../../shared/protocol/hosts.ts'

export type AskSettings = (destination: Destination) => Promise<SshSettings | null>

/** Names of servers, each once: equal ones are one server. What ssh does not know goes by its name. */
export async function loginWays(
  destination: Destination,
  settingsOf: AskSettings,
): Promise<readonly string[]> {
  return [...new Set(await waysOf(destination, settingsOf, hopsMax))]
}

async function waysOf(
  destination: Destination,
  settingsOf: AskSettings,
  hops: number,
): Promise<readonly string[]> {
  const settings = await settingsOf(destination)
  if (settings === null) return [`name ${destination.text}`]
  const { hostName, port, proxyJump, proxyCommand } = settings
  const own = `${hostName.toLowerCase()} ${port}`
  // Its text holds no name of a host but as a token, so all hosts behind one jump host have the same.
  if (proxyJump === null) return proxyCommand === null ? [own] : [own, `command ${proxyCommand}`]
  if (hops === 0) return [own, `jump ${proxyJump}`]
  const jumps = proxyJump.split(',').map(async (jump) => {
    const parsed = jumpOf(jump)
    return parsed === null ? [`jump ${jump}`] : waysOf(parsed, settingsOf, hops - 1)
  })
  return [own, ...(await Promise.all(jumps)).flat()]
}

/** Jump hosts may have jump hosts of their own; nobody has more in a row, but a mistake may make a circle. */
const hopsMax = 4

function jumpOf(text: string): Destination | null {
  try {
    return parseDestination(text.replace(/^ssh:\/\//, ''))
  } catch {
    return null
  }
}
