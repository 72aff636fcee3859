/** Integration tests of saved commands over HTTP, with shells as hosts. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createHttpApi } from '../../src/client/http-api.ts'
import {
  createSavedCommandsApi,
  type SavedCommandsApi,
} from '../../src/client/saved-commands-api.ts'
import { limits } from '../../src/shared/limits.ts'
import type { SavedCommand } from '../../src/shared/saved-command.ts'
import { startHttpServer, type TestServer } from '../support/http-server.ts'

/** What no variable can hold is refused before. */
const anyText = fc
  .string({ unit: 'binary', maxLength: 60 })
  .filter((text) => !/[\0\p{Surrogate}]/u.test(text))
const traps = [
  "'; reboot; '",
  '$(reboot)`id`',
  '\n\nx\n\n',
  '\\\n',
  '-n',
  '\u0001\u007f',
  '\u0081ÿ',
  '%s%n',
  ' * ',
  '',
]

let server: TestServer
let commands: SavedCommandsApi
let api: ReturnType<typeof createHttpApi>

beforeAll(async () => {
  server = await startHttpServer()
  api = createHttpApi({ baseUrl: server.base })
  commands = createSavedCommandsApi(api.request)
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
})

const greet: SavedCommand = {
  name: 'greet',
  description: 'Says hello.\nTwice.',
  tags: ['demo'],
  target: 'local',
  source: { kind: 'command', command: 'echo "hello $who"\n' },
  parameters: [{ name: 'who', kind: 'text', default: 'you', pattern: '[^;]*' }],
  plan: { maxFailures: 0, batch: '20%' },
}

describe('a saved command', () => {
  test('is stored, listed, changed by who has seen the last version, and removed', async () => {
    const stored = await commands.put(greet, 0)
    expect(stored).toEqual({ ...greet, version: stored.version })
    expect(await commands.get('greet')).toEqual(stored)
    expect((await commands.list()).items.map(({ name }) => name)).toEqual(['greet'])
    const changed = await commands.put({ ...greet, description: 'Hi' }, stored.version)
    await expect(commands.put(greet, stored.version)).rejects.toMatchObject({ code: 'conflict' })
    await expect(commands.remove('greet', stored.version)).rejects.toMatchObject({
      code: 'conflict',
    })
    await commands.remove('greet', changed.version)
    await expect(commands.get('greet')).rejects.toMatchObject({
      code: 'not-found',
      message: 'There is no saved command "greet".',
    })
  })

  test('is the same after a way through YAML', async () => {
    await commands.put(greet)
    const other: SavedCommand = {
      name: 'logs',
      source: { kind: 'files', paths: ['/var/log/{{app}}.log'], lines: 0 },
      parameters: [
        { name: 'app', kind: 'per-host', values: { '@web': 'nginx', 'db-1': 'yes' } },
        { name: 'n', kind: 'number', min: -1.5, integer: false, required: false },
        { name: 't', kind: 'secret', label: 'The: "token" #1' },
      ],
      confirm: 'Really?\n- yes',
    }
    await commands.put(other)
    const yaml = await commands.exportYaml()
    expect(yaml).toContain('  command: |\n    echo "hello $who"\n')
    await commands.remove('greet')
    await commands.remove('logs')
    const imported = await commands.importYaml(yaml)
    expect(imported).toMatchObject([greet, other])
    expect(await commands.exportYaml(['logs'])).toBe(yaml.split('---\n')[1])
    await expect(commands.exportYaml(['nope'])).rejects.toMatchObject({ code: 'not-found' })
  })
})

describe('of an import with a mistake nothing is stored, and the sentence says where it is', () => {
  const good = 'name: good\nsource: { kind: command, command: "true" }\n'
  test.each([
    [
      `${good}---\nname: bad\nsource:\n  kind: comand\n`,
      'Document 2, line 6: The field "source.kind" must be one of',
    ],
    [
      `${good}---\nname: bad\nsource: { kind: command, command: a }\nretry: 1\n`,
      'Document 2, line 4: The field "retry" is not known here.',
    ],
    [`${good}---\nname: bad\n`, 'Document 2, line 4: The field "source" is missing.'],
    [`${good}---\n  a: [`, 'Document 2, line 4: this is not YAML: '],
    [`${good}---\n${good}`, 'Document 2, line 4: "good" is there in document 1 too.'],
    [`${good}---\n- 1\n`, 'Document 2, line 4: This is not a list of fields with their values.'],
    [
      `${good}---\nname: bad\nsource: { kind: command, command: a }\nparameters:\n  - name: n\n    kind: number\n    max: 1\n    default: 2\n`,
      'Document 2, line 7: The default of the parameter "n" is more than 1.',
    ],
  ])('%j', async (yaml, message) => {
    await commands.remove('good').catch(() => undefined)
    await expect(commands.importYaml(yaml)).rejects.toMatchObject({
      code: 'bad-request',
      message: expect.stringContaining(message),
    })
    await expect(commands.get('good')).rejects.toMatchObject({ code: 'not-found' })
  })

  test('of names that stand for each other without end', async () => {
    const bomb = [
      'a: &a [1]',
      ...'bcdefghi'.split('').map((key, at) => {
        const before = 'abcdefgh'[at]
        return `${key}: &${key} [${Array.from({ length: 9 }, () => `*${before}`).join(',')}]`
      }),
    ].join('\n')
    await expect(commands.importYaml(bomb)).rejects.toMatchObject({ code: 'bad-request' })
  })

  test('of more text than is taken', async () => {
    const yaml = '#'.repeat(limits.savedYamlBytesMax + 1)
    await expect(commands.importYaml(yaml)).rejects.toMatchObject({ code: 'bad-request' })
  })
})

describe('a run that is started from one', () => {
  test('says so, is found by it, and keeps its parameters but not its secrets', async () => {
    await commands.put({
      ...greet,
      parameters: [...(greet.parameters ?? []), { name: 'token', kind: 'secret' }],
    })
    const run = await api.start({
      saved: { name: 'greet', parameters: { who: '$(reboot) "x"', token: 'hunter2-hunter2' } },
    })
    const { version } = await commands.get('greet')
    const saved = { name: 'greet', version, parameters: { who: '$(reboot) "x"', token: null } }
    expect(run).toMatchObject({ target: 'local', saved, plan: { maxFailures: 0, batch: 1 } })
    await server.ended(run.id)
    expect((await api.list({ saved: 'greet' })).map(({ id }) => id)).toEqual([run.id])
    expect(await api.list({ saved: 'other' })).toEqual([])
  })

  test.each(['durable', 'plain', 'pty'] as const)(
    'gives its command any text byte by byte, %s',
    async (mode) => {
      const texts = fc.sample(anyText, { seed: 6, numRuns: 40 }).concat(traps)
      const names = texts.map((_, at) => `p${at}`)
      const command = names.map(
        (name) => `printf %s "$${name}" | od -An -v -tx1 | tr -d ' \\n'; echo`,
      )
      await commands.put({
        name: 'echo',
        target: 'local',
        source: { kind: 'command', command: command.join('\n') },
        parameters: names.map((name) => ({ name, kind: 'text', required: false })),
        mode,
      })
      const parameters = Object.fromEntries(names.map((name, at) => [name, texts[at] ?? '']))
      const { id } = await api.start({ saved: { name: 'echo', parameters } })
      await server.ended(id)
      const { lines } = await api.lines(id, 0, 1_000)
      const printed = lines.filter(({ channel }) => channel !== 'note').map(({ text }) => text)
      expect(printed).toEqual(texts.map((text) => Buffer.from(text).toString('hex')))
    },
  )

  test('is one run for one key, whose digest holds no secret', async () => {
    const start = (token: string, who = 'me') =>
      api.start({ saved: { name: 'greet', parameters: { who, token } } }, 'saved-key')
    const run = await start('hunter2-hunter2')
    expect((await start('hunter3-hunter3')).id).toBe(run.id)
    await expect(start('hunter2-hunter2', 'you')).rejects.toMatchObject({
      code: 'idempotency-conflict',
    })
  })

  test('is refused with a sentence about its parameter, its target or its source', async () => {
    const token = 'hunter2-hunter2'
    const start = (parameters: Record<string, string>) =>
      api.start({ saved: { name: 'greet', parameters } })
    await expect(start({ token, who: 'a;b' })).rejects.toThrow('"who" does not match [^;]*.')
    await expect(start({})).rejects.toThrow('"greet" needs the parameter "token".')
    await expect(api.start({ saved: { name: 'nope' } })).rejects.toMatchObject({
      code: 'not-found',
    })
    const both = { saved: { name: 'greet' }, target: 'local', source: greet.source }
    await expect(api.start(both)).rejects.toThrow('The field "source" cannot go with "saved".')
  })

  test('a pattern that would take years is given up soon', async () => {
    await commands.put({
      ...greet,
      name: 'slow',
      parameters: [{ name: 'who', kind: 'text', pattern: '(a+)+' }],
    })
    const who = `${'a'.repeat(60)}b`
    await expect(api.start({ saved: { name: 'slow', parameters: { who } } })).rejects.toMatchObject(
      { code: 'bad-pattern' },
    )
  })
})
