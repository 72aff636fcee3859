import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { limits } from '../../shared/limits.ts'
import { matchesWhole } from '../../shared/parameter-value.ts'
import type { SavedStart } from '../../shared/protocol/saved-commands.ts'
import { savedCommandSchema } from '../../shared/protocol/saved-commands.ts'
import type { Parameter, SavedCommand } from '../../shared/saved-command.ts'
import { parametersOn, sourceOn } from '../../shared/saved-use.ts'
import type { HostInventory } from '../inventory/inventory.ts'
import type { StartRun } from '../runs/run-service.ts'
import { createMemoryStore } from '../store/memory-store.ts'
import { createSavedCommands, type SavedCommands } from './saved-commands.ts'

const host = (name: string, group: string) => ({
  name,
  destination: null,
  note: null,
  groups: [group],
  tags: [],
  sources: [],
})
const inventory: HostInventory = {
  read: async () => ({
    hosts: [host('web-1', 'web'), host('web-2', 'web'), host('db-1', 'db')],
    groups: [],
    complaints: [],
  }),
}

/** Over a store in memory. */
function savedCommands(): SavedCommands {
  return createSavedCommands({
    records: createMemoryStore().records,
    documents: { read: async () => [], write: async (values) => JSON.stringify(values) },
    inventory,
    matches: matchesWhole,
  })
}

function commandWith(parameters: readonly Parameter[], more: object = {}): SavedCommand {
  return savedCommandSchema.parse({
    name: 'restart-app',
    target: '@web',
    source: { kind: 'command', command: 'systemctl restart "$name"' },
    parameters,
    ...more,
  })
}

async function start(command: SavedCommand, parameters: SavedStart['parameters'] = {}) {
  const commands = savedCommands()
  await commands.put(command)
  return commands.prepare({ saved: { name: command.name, parameters } })
}

function runOf({ request: { source }, saved }: Started) {
  if (saved === undefined) throw new Error('not started from a saved command')
  return { source, saved }
}

type Started = Pick<StartRun, 'request'> & { readonly saved: StartRun['saved'] | undefined }

describe('a value', () => {
  test('of any text reaches the command as it was typed, and stands in no text of it', async () => {
    const command = commandWith([{ name: 'name', kind: 'text' }])
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !text.includes('\0')),
        async (name) => {
          const { request, saved } = await start(command, { name })
          expect(request.source).toEqual(command.source)
          expect(parametersOn('web-1', runOf({ request, saved })).get('name')).toBe(name)
        },
      ),
    )
  })

  const text: Parameter = { name: 'name', kind: 'text', pattern: '[a-z]+', maxLength: 5 }
  const number: Parameter = { name: 'name', kind: 'number', min: 1, max: 9.5, integer: true }
  const choice: Parameter = { name: 'name', kind: 'choice', choices: ['api', 'web'] }
  test.each([
    [text, '', 'does not match [a-z]+'],
    [text, 'api;reboot', 'is longer than 5 characters'],
    [text, 'ab1', 'does not match [a-z]+'],
    [text, 'a\nb', 'does not match [a-z]+'],
    [text, 'a\0b', 'holds a NUL'],
    [text, 'a\ud800', 'holds half of a surrogate pair, which is no character'],
    [{ name: 'name', kind: 'text', minLength: 1 }, '', 'is empty'],
    [{ name: 'name', kind: 'text' }, 'x'.repeat(limits.parameterCharsMax + 1), 'is longer than'],
    [number, '0x5', 'is not a number'],
    [number, '1e1', 'is not a number'],
    [number, 2.5, 'is not a whole number'],
    [number, 0, 'is less than 1'],
    [number, '10', 'is more than 9.5'],
    [choice, 'db', 'is not one of api, web'],
    [{ name: 'name', kind: 'secret' }, '', 'is empty'],
  ] as const)('that %o does not take is refused: %j', async (parameter, name, complaint) => {
    await expect(start(commandWith([parameter]), { name })).rejects.toMatchObject({
      code: 'bad-parameter',
      message: expect.stringContaining(`The parameter "name" ${complaint}`),
    })
  })

  test('of a secret is no part of what is stored or said', async () => {
    const command = commandWith([{ name: 'token', kind: 'secret' }])
    const { saved, secrets, request } = await start(command, { token: 'hunter2-hunter2' })
    expect(secrets?.get('token')?.reveal()).toBe('hunter2-hunter2')
    expect(JSON.stringify({ saved, secrets: [...(secrets ?? [])], request })).not.toContain(
      'hunter2',
    )
    expect(saved?.parameters).toEqual({ token: null })
  })
})

test('who leaves a parameter out gets its default, an empty text where it may lack, else a sentence', async () => {
  const command = commandWith([
    { name: 'name', kind: 'text' },
    { name: 'count', kind: 'number', default: 3 },
    { name: 'note', kind: 'text', required: false, minLength: 2 },
    { name: 'token', kind: 'secret', required: false },
  ])
  const { saved, secrets } = await start(command, { name: 'api' })
  expect(saved?.parameters).toEqual({ name: 'api', count: '3', note: '', token: '' })
  expect(secrets).toBeUndefined()
  await expect(start(command)).rejects.toThrow('"restart-app" needs the parameter "name".')
  await expect(start(command, { name: 'a', nmae: 'b' })).rejects.toMatchObject({
    message: '"restart-app" has no parameter "nmae".',
    hint: 'It has name, count, note, token.',
  })
})

describe('a parameter that is another one on each host', () => {
  const unit: Parameter = {
    name: 'unit',
    kind: 'per-host',
    values: { '@web': 'nginx', 'web-2': 'caddy', '@gone': 'none' },
  }
  const journal = { kind: 'journal', unit: '{{unit}}.service' }

  test('is looked up for each, its own name before a group, and put where the source names it', async () => {
    const { saved, request } = await start(commandWith([unit], { source: journal }))
    const run = runOf({ request, saved })
    expect(sourceOn('web-1', run)).toEqual({ kind: 'journal', unit: 'nginx.service' })
    expect(sourceOn('web-2', run)).toEqual({ kind: 'journal', unit: 'caddy.service' })
    const { request: command } = await start(commandWith([unit]))
    expect(parametersOn('web-2', runOf({ request: command, saved })).get('unit')).toBe('caddy')
  })

  test('refuses the run where a host has none, and takes one for all that is given', async () => {
    const command = commandWith([unit], { target: '@web,db-1' })
    await expect(start(command)).rejects.toThrow('The parameter "unit" has no value for db-1.')
    const { saved } = await start(command, { unit: 'sshd' })
    expect(saved?.parameters).toEqual({ unit: 'sshd' })
  })
})

test('in paths a value stands for its name, and no value makes a new place', async () => {
  const source = { kind: 'files', paths: ['/var/log/{{app}}/{{other}}.log'] }
  const command = commandWith(
    [
      { name: 'app', kind: 'text' },
      { name: 'other', kind: 'text', default: '$& {x}' },
    ],
    { source },
  )
  const { request } = await start(command, { app: 'api' })
  expect(request.source).toEqual({ kind: 'files', paths: ['/var/log/api/$& {x}.log'] })
  await expect(start(command, { app: '{{other}}' })).rejects.toThrow('holds "{{"')
})

test('a start may name another target and plan; without any target it is refused', async () => {
  const commands = savedCommands()
  await commands.put(commandWith([], { plan: { fanout: 2 }, merged: true, sudo: true }))
  const saved = { name: 'restart-app' }
  const usual = await commands.prepare({ saved })
  expect(usual.request).toMatchObject({ target: '@web', fanout: 2, merged: true, sudo: true })
  const other = await commands.prepare({ saved, target: 'db-1', fanout: 9 })
  expect(other.request).toMatchObject({ target: 'db-1', fanout: 9, merged: true })
  await commands.put({ name: 'bare', source: { kind: 'command', command: 'true' } })
  await expect(commands.prepare({ saved: { name: 'bare' } })).rejects.toMatchObject({
    code: 'bad-target',
  })
})

test('who has looked at an older version is told, when starting and when storing it', async () => {
  const commands = savedCommands()
  const first = await commands.put(commandWith([]), 0)
  const second = await commands.put(commandWith([]), first.version)
  expect(second.version).toBeGreaterThan(first.version)
  const late = { code: 'conflict' }
  await expect(commands.put(commandWith([]), first.version)).rejects.toMatchObject(late)
  await expect(commands.put(commandWith([]), 0)).rejects.toMatchObject(late)
  const saved = { name: 'restart-app', version: first.version }
  await expect(commands.prepare({ saved })).rejects.toMatchObject(late)
  await expect(commands.remove('restart-app', first.version)).rejects.toMatchObject(late)
  await commands.remove('restart-app', second.version)
  await expect(commands.get('restart-app')).rejects.toMatchObject({ code: 'not-found' })
})

describe('a saved command is refused', () => {
  const parameter = { name: 'name', kind: 'text' }
  test.each([
    ['with its parameter twice', { parameters: [parameter, parameter] }, 'is there twice'],
    [
      'with a parameter pasted into the command',
      { source: { kind: 'command', command: 'echo {{name}}' }, parameters: [parameter] },
      'write "$name"',
    ],
    [
      'with a secret in a path',
      {
        source: { kind: 'files', paths: ['/{{name}}'] },
        parameters: [{ name: 'name', kind: 'secret' }],
      },
      'is secret',
    ],
    [
      'with a place for nothing',
      { source: { kind: 'journal', unit: '{{name}}' } },
      'is no parameter',
    ],
    [
      'with a variable that systems know',
      { parameters: [{ ...parameter, name: 'PATH' }] },
      'small letters',
    ],
    [
      'with a pattern that is none',
      { parameters: [{ ...parameter, pattern: '(' }] },
      'is no regular expression',
    ],
    [
      'with a default that is no choice',
      { parameters: [{ name: 'name', kind: 'choice', choices: ['a'], default: 'b' }] },
      'none of the choices',
    ],
    ['with a field that is not known', { timeout: 3 }, 'Unrecognized'],
    ['under a name of the API', { name: 'export' }, 'a word of the API'],
    ['under a name with a blank', { name: 'a b' }, 'small letters'],
    [
      'with a mode for what is followed',
      { source: { kind: 'journal', unit: 'a' }, mode: 'pty' },
      'only for a command',
    ],
    [
      'with too many parameters',
      {
        parameters: Array.from({ length: limits.parametersMax + 1 }, (_, at) => ({
          ...parameter,
          name: `p${at}`,
        })),
      },
      'Too big',
    ],
  ])('%s', (_, fields, complaint) => {
    const found = savedCommandSchema.safeParse({
      name: 'a',
      source: { kind: 'command', command: 'true' },
      ...fields,
    })
    expect(found.error?.issues[0]?.message ?? 'it was taken').toContain(complaint)
  })

  test('with a default that its own pattern refuses', async () => {
    const command = commandWith([{ name: 'name', kind: 'text', pattern: 'a+', default: 'b' }])
    await expect(savedCommands().put(command)).rejects.toThrow('does not match a+')
  })
})
