/** `farglass secrets`: the keys that seal stored secrets, and their turn. */
import type { SecretKeysReport } from '../../shared/protocol/secret-keys.ts'
import { type CommandLine, type CommandSpec, parseCommandLine, usage } from './command-line.ts'
import { connect, connectionFlags } from './connect.ts'
import type { CliContext } from './context.ts'
import { exitStatus } from './exit-status.ts'
import { terminalText } from './terminal-text.ts'

export const spec: CommandSpec = {
  name: 'secrets',
  usage: 'show | prepare | rotate',
  summary: 'show the keys that seal stored secrets, or have another one seal them',
  flags: {
    'forget-old': { value: null, help: 'rotate: then take the old key out of the file' },
    json: { value: null, help: 'as JSON' },
    ...connectionFlags,
  },
  examples: [
    ['farglass secrets show', 'the keys by name, and how many stored secrets each has sealed'],
    ['farglass secrets rotate', 'a new key, everything sealed anew; the old key goes on opening'],
    ['farglass secrets rotate --forget-old', 'the old key is taken out: nothing needs it any more'],
    ['farglass secrets prepare', 'only make the next key, to copy the file to other nodes first'],
  ],
  notes: [
    'A key is never printed: its name is made from it, and says nothing about it. The keys are in the key file of the server (--secret-key-file), or of this user.',
    'While it rotates both keys open. When it is broken off, nothing is lost: "rotate" again goes on with it.',
    'All data directories of a user share one key file, unless --secret-key-file says otherwise, and only the secrets of one are sealed anew. So the old key stays until --forget-old says that none of them needs it: "rotate" in each first, then "rotate --forget-old" in one.',
    'Exit status 1: there are secrets that no key opens.',
  ],
}

export async function run(args: readonly string[], context: CliContext): Promise<number> {
  const line = parseCommandLine(spec, args)
  const word = wordOf(line)
  await using connection = await connect(line)
  const keys = await connection.secretKeys()
  if (word === 'show') return await print(await keys.report(), line, context)
  if (word === 'prepare') return await print(await keys.prepare(), line, context)
  const rotated = await keys.rotate(line.has('forget-old'))
  const { resealed } = rotated
  await context.say(`${resealed === 1 ? '1 secret was' : `${resealed} secrets were`} sealed anew.`)
  if (rotated.keys.some(({ role }) => role === 'old')) await context.say(oldKeyStays)
  return await print(rotated, line, context)
}

const oldKeyStays =
  'The old key still opens. Once every data directory and node that has this file has rotated: farglass secrets rotate --forget-old'

function wordOf(line: CommandLine): 'show' | 'prepare' | 'rotate' {
  const [word = 'show', extra] = line.words
  if (extra !== undefined || line.rest !== undefined) throw usage(spec, 'that is one word too many')
  if (line.has('forget-old') && word !== 'rotate') throw usage(spec, '--forget-old is for "rotate"')
  if (word === 'show' || word === 'prepare' || word === 'rotate') return word
  throw usage(spec, `"farglass secrets" has no "${word}"`)
}

async function print(
  report: SecretKeysReport,
  line: CommandLine,
  { output }: CliContext,
): Promise<number> {
  const text = line.has('json') ? `${JSON.stringify(report)}\n` : reportText(report)
  await output.write('out', text)
  return report.unreadable.length === 0 ? exitStatus.ok : exitStatus.failed
}

const roleTexts = { current: 'seals', next: 'seals next', old: 'opens' } as const

function reportText({ file, keys, unreadable }: SecretKeysReport): string {
  const rows = keys.map(
    ({ name, role, secrets }) =>
      `${name}  ${roleTexts[role].padEnd(10)}  ${secrets === 1 ? '1 secret' : `${secrets} secrets`}`,
  )
  const lost = unreadable.map((what) => `no key opens the secret of ${what}`)
  const none = keys.length === 0 ? ['no key yet: one is made with the first secret'] : []
  return [file, ...none, ...rows, ...lost].map((text) => `${terminalText(text)}\n`).join('')
}
