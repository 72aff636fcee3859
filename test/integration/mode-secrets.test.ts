/** Secrets reach the command as variables, byte by byte, and nothing else on its host. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { durableMode } from '../../src/core/runs/modes/durable-mode.ts'
import { plainMode } from '../../src/core/runs/modes/plain-mode.ts'
import { ptyMode } from '../../src/core/runs/modes/pty-mode.ts'
import { limits } from '../../src/shared/limits.ts'
import { Secret } from '../../src/shared/secret.ts'
import { endDurableRuns } from '../support/durable-runs.ts'
import { filesBelow } from '../support/files-below.ts'
import { makeGate } from '../support/gate.ts'
import { runToEnd, startRun } from '../support/held-run.ts'
import { localHost } from '../support/local-host.ts'
import { removeFolderSync } from '../support/remove-folder.ts'
import { until } from '../support/until.ts'
import { watchProcesses } from '../support/watch-processes.ts'

const state = mkdtempSync(join(tmpdir(), 'fg-secrets-'))
afterAll(() => {
  endDurableRuns(state)
  removeFolderSync(state)
})

const shells: readonly string[][] = [['dash'], ['bash'], ['busybox', 'sh']]
const modes = { durable: durableMode, plain: plainMode, pty: ptyMode } as const
const cases = shells.flatMap((shell) =>
  Object.entries(modes).map(([name, mode]) => ({ shell, sh: shell.join(' '), name, mode })),
)
// The one shell without a printf of its own.
cases.push({ shell: ['mksh'], sh: 'mksh', name: 'durable', mode: durableMode })

describe.each(cases)('the secrets of a $name run on a host whose sh is $sh', ({ shell, mode }) => {
  const host = () => localHost(shell, { XDG_STATE_HOME: state })
  const run = (command: string, values: Readonly<Record<string, string>>) => {
    const variables = new Map(Object.entries(values).map(([name, it]) => [name, new Secret(it)]))
    return runToEnd({ host: host(), mode, command, variables })
  }

  it('arrive with every character, and end when they are as large as they may be', async () => {
    const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 })
    const odd = `it's "quoted" $HOME \`id\` \\ \u0001\u0001\u007f\u0081é🚀\n\n%s\t*\r\n#end\n`
    const values = [odd, ...fc.sample(text, 12).map((each) => each.replaceAll('\0', ''))]
    const named = values.filter((value) => value !== '').map((value, at) => [`S${at}`, value])
    const command = named.map(([name]) => `printf %s "$${name}" | od -An -v -tx1; echo .`).join(';')
    const { out, error } = await run(command, Object.fromEntries(named))
    expect(error).toBeNull()
    const hex = out.split('.').map((each) => each.replaceAll(/\s/g, ''))
    expect(hex.slice(0, -1)).toEqual(
      named.map(([, value = '']) => Buffer.from(value).toString('hex')),
    )
    const large = "'".repeat(limits.secretsBytesMax)
    expect((await run('printf %s "$S" | wc -c', { S: large })).out.trim()).toBe(`${large.length}`)
  })

  it('are in no argument, no file, and no environment but that of the command', async () => {
    const variables = new Map([['API_TOKEN', new Secret('canary-value-91')]])
    await using gate = await makeGate()
    const watch = watchProcesses()
    const command = `${gate.wait}; sh -c "exec sleep 0.31"`
    const held = await startRun({ host: host(), mode, command, variables })
    await held.started()
    const files = filesBelow(state)
    expect(files.length).toBeGreaterThan(0)
    await until('it is seen', () => watch.hasSeen('sleep 0.05'))
    await gate.open()
    await held.done
    const seen = await watch.stop()
    const withIt = new Set(seen.withEnvironment('canary-value-91'))
    expect(withIt).toContain('sleep 0.05')
    expect(
      [...withIt].filter((each) => !/^(sleep 0.05|sleep 0.31|sh -c exec sleep 0.31)$/.test(each)),
    ).toEqual([])
    expect(seen.programs.some((program) => program.includes('canary-value-91'))).toBe(false)
    expect(seen.arguments.join('\n')).not.toContain('canary-value-91')
    for (const text of files) expect(text).not.toContain('canary-value-91')
  })
})
