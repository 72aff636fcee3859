/** The peer's writer: publishes each line that a command on the "remote host" prints, and tells what that cost. */
import { spawn } from 'node:child_process'
import { argv } from 'node:process'
import { createInterface } from 'node:readline'
import { Redis } from 'ioredis'
import { endMark, type PublishOrder } from '../support/publish-way.ts'

// SAFETY: the bench is the only caller and writes this argument by JSON.stringify of a PublishOrder.
const { port, channel, ssh } = JSON.parse(argv[2] ?? '{}') as PublishOrder
const client = new Redis(port, '127.0.0.1')
await client.ping()
const before = process.cpuUsage()
const child = spawn('ssh', ssh, { stdio: ['ignore', 'pipe', 'inherit'] })
for await (const line of createInterface({ input: child.stdout })) {
  // As the article does: nobody waits, and nothing is kept.
  client.publish(channel, line).catch(() => {})
}
await client.publish(channel, endMark)
const cpu = process.cpuUsage(before)
process.stdout.write(`${JSON.stringify({ cpuMs: (cpu.user + cpu.system) / 1_000 })}\n`)
client.disconnect()
