/** The process of the demo fleet: starts the hosts it is told to, and ends when its parent does. */

import { endDurableRuns } from './demo-durable-runs.ts'
import { type DemoHome, makeHome } from './demo-home.ts'
import { startDemoHost } from './demo-host.ts'
import { endAllGroups } from './demo-session.ts'
import { findTerminal } from './demo-terminal.ts'
import type { FleetOrder, FleetReport } from './fleet-messages.ts'

// Ctrl-C reaches the whole foreground group: the server decides when its hosts go.
process.on('SIGINT', () => {})
process.on('exit', endEverything)
process.on('SIGTERM', () => process.exit(0))
process.on('disconnect', () => process.exit(0))

const homes: DemoHome[] = []

process.once('message', (message) => {
  // The one message that demo-fleet.ts sends.
  start(message as FleetOrder).catch((thrown: unknown) => {
    process.stderr.write(`The demo hosts did not start: ${String(thrown)}\n`)
    process.exit(1)
  })
})

async function start(order: FleetOrder): Promise<void> {
  const terminal = await findTerminal()
  const hosts: { name: string; port: number }[] = []
  for (const { name, hostKey } of order.hosts) {
    const home = await makeHome(order.directory, name)
    homes.push(home)
    const port = await startDemoHost({ name, hostKey, clientKey: order.clientKey, home, terminal })
    hosts.push({ name, port })
  }
  const report: FleetReport = { hosts }
  process.send?.(report)
}

function endEverything(): void {
  endAllGroups()
  for (const home of homes) endDurableRuns(home)
}
