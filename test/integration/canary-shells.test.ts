/** The canary's own program under the shells that hosts have: its lines are what the check expects. */
import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { checkCanaryLines, isFaultless } from '../../src/app/canary/canary-check.ts'
import { canaryCommand, planCanary } from '../../src/app/canary/canary-command.ts'
import { readCanaryLine } from '../../src/app/canary/canary-lines.ts'

const shells = ['dash', 'bash --posix', 'busybox sh']

function runIn(shell: string, script: string) {
  const [program = '', ...args] = shell.split(' ')
  const { stdout, stderr, status } = spawnSync(program, [...args, '-c', script], {
    encoding: 'utf8',
    // SHLVL keeps bash from reading the .bashrc of whoever runs the tests.
    env: { PATH: process.env['PATH'], SHLVL: '1' },
  })
  return { status, out: stdout.trimEnd().split('\n'), err: stderr.trimEnd().split('\n') }
}

describe.each(shells)('%s', (shell) => {
  test.each([1, 9, 10, 1_000])('%i lines are complete and undamaged on both channels', (lines) => {
    const command = planCanary(lines, 9_998)
    const { status, out, err } = runIn(shell, canaryCommand(command))
    expect(status).toBe(0)
    expect(checkCanaryLines(command.out, out)).toMatchObject({ sent: lines, examples: {} })
    expect(isFaultless(checkCanaryLines(command.out, out))).toBe(true)
    expect(isFaultless(checkCanaryLines(command.err, err))).toBe(true)
    expect(err.length).toBe(Math.max(1, Math.floor(lines / 10)))
    const stamps = out.flatMap((text) => readCanaryLine(command.out, text)?.sentMs ?? [])
    expect(stamps.length).toBeGreaterThan(0)
    expect(stamps.length).toBeLessThanOrEqual(201)
    expect(stamps).toEqual(stamps.toSorted((a, b) => a - b))
    // By a clock of this very machine.
    expect(Math.abs(Date.now() - (stamps[0] ?? 0))).toBeLessThan(60_000)
  })

  test('without a fine date it stamps with the time since boot, without that not at all', () => {
    const command = planCanary(20, 7)
    const script = canaryCommand(command)
    // BusyBox finds its own date whatever the path says, so the text is changed.
    const coarse = script.replaceAll('date +%s.%N', 'echo 1795599032.N')
    for (const each of [coarse, coarse.replaceAll('/proc/uptime', '/nowhere')]) {
      const { out, err } = runIn(shell, each)
      expect(isFaultless(checkCanaryLines(command.out, out))).toBe(true)
      expect(isFaultless(checkCanaryLines(command.err, err))).toBe(true)
      const stamps = out.flatMap((text) => readCanaryLine(command.out, text)?.sentMs ?? [])
      expect(stamps.length > 0).toBe(each === coarse)
      // Seconds since boot, not since 1970.
      for (const stamp of stamps) expect(stamp).toBeLessThan(1e12)
    }
  })
})
