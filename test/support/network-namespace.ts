/** A network of its own for a host, with a firewall between: real drops, resets and losses of packets. Root only. */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface NetworkNamespace extends AsyncDisposable {
  /** For `ip netns exec`. */
  readonly name: string
  /** Where a program in the namespace listens, as seen from here. */
  readonly address: string
  /** Every packet is dropped, in both directions: nobody is told anything. */
  dropAll(): Promise<void>
  /** Every TCP segment that arrives is answered with a reset, and every one that leaves is one. */
  resetAll(): Promise<void>
  /** This share of all packets is dropped at random, from 0 to 100. */
  losePercent(percent: number): Promise<void>
  /** Both ends of the link carry no more than this. */
  limitRate(kilobitsPerSecond: number): Promise<void>
  /** The firewall lets everything through again. */
  heal(): Promise<void>
}

export const canMakeNetworks: boolean = process.getuid?.() === 0

/** A namespace that a pair of virtual cables connects with this machine. */
export async function makeNetworkNamespace(): Promise<NetworkNamespace> {
  const number = await freeNumber()
  const name = `fgt-${process.pid}-${number}`
  const [here, there] = [`fgh${number}`, `fgn${number}`]
  const within = ['netns', 'exec', name]
  const inside = (...words: string[]) => run('ip', [...within, ...words])
  await run('ip', ['netns', 'add', name])
  const remove = async () => {
    await run('ip', ['netns', 'del', name]).catch(() => {})
    await run('ip', ['link', 'del', here]).catch(() => {})
  }
  try {
    await run('ip', ['link', 'add', here, 'type', 'veth', 'peer', 'name', there, 'netns', name])
    await run('ip', ['addr', 'add', `10.213.${number}.1/24`, 'dev', here])
    await run('ip', ['link', 'set', here, 'up'])
    await inside('ip', 'addr', 'add', `10.213.${number}.2/24`, 'dev', there)
    await inside('ip', 'link', 'set', there, 'up')
    await inside('ip', 'link', 'set', 'lo', 'up')
  } catch (thrown) {
    await remove()
    throw thrown
  }
  const rules = (rule: string) => firewall(name, rule)
  return {
    name,
    address: `10.213.${number}.2`,
    dropAll: () => rules('drop'),
    // The resets themselves have to get out.
    resetAll: () => rules('tcp flags rst accept; meta l4proto tcp reject with tcp reset'),
    losePercent: (percent) => rules(`numgen random mod 100 < ${percent} drop`),
    async limitRate(kilobitsPerSecond) {
      // A queue of half a second, and one full packet at once.
      const filter = [
        'tbf',
        'rate',
        `${kilobitsPerSecond}kbit`,
        'burst',
        '16kb',
        'latency',
        '500ms',
      ]
      await run('tc', ['qdisc', 'replace', 'dev', here, 'root', ...filter])
      await inside('tc', 'qdisc', 'replace', 'dev', there, 'root', ...filter)
    },
    async heal() {
      await rules('accept')
      await run('tc', ['qdisc', 'del', 'dev', here, 'root']).catch(() => {})
      await inside('tc', 'qdisc', 'del', 'dev', there, 'root').catch(() => {})
    },
    [Symbol.asyncDispose]: remove,
  }
}

/** The host keeps its own loopback: only what crosses the cable meets the rule. */
async function firewall(name: string, rule: string): Promise<void> {
  const table = `
    table inet fault
    delete table inet fault
    table inet fault {
      chain incoming { type filter hook input priority 0; iif "lo" accept; ${rule}; }
      chain outgoing { type filter hook output priority 0; oif "lo" accept; ${rule}; }
    }`
  const child = spawn('ip', ['netns', 'exec', name, 'nft', '-f', '-'], { stdio: 'pipe' })
  const errors: Buffer[] = []
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk))
  child.stdin.end(table)
  const [status] = (await once(child, 'close')) as [number]
  if (status !== 0) throw new Error(`nft: ${Buffer.concat(errors).toString()}`)
}

/** Two test processes may look at the same moment: the first to make the cable has the number. */
async function freeNumber(): Promise<number> {
  for (let number = 1 + (process.pid % 200); number < 255; number++) {
    const taken = await run('ip', ['link', 'show', `fgh${number}`]).then(
      () => true,
      () => false,
    )
    if (!taken) return number
    await sleep(1)
  }
  throw new Error('No free network is left.')
}
