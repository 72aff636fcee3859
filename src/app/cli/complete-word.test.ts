import { describe, expect, it } from 'vitest'
import type { CommandSpec } from './command-line.ts'
import { commandSpecs } from './commands.ts'
import { type Wanted, wantedAt } from './complete-word.ts'

const specs = await commandSpecs()
const withWords: CommandSpec = {
  name: 'things',
  usage: 'list | show THING | put FILE | of HOST… on|off',
  summary: 'do things',
  flags: {},
  examples: [],
}

function wanted(...words: string[]): Wanted {
  return wantedAt(words, [...specs, withWords])
}

function texts(found: Wanted): readonly string[] {
  return found.kind === 'words' ? found.words.map(({ text }) => text) : [`(${found.kind})`]
}

describe('what is completed in a command line', () => {
  it('offers commands first, each with what it does', () => {
    expect(texts(wanted('ru'))).toEqual(['run', 'runs'])
    expect(texts(wanted(''))).toEqual(expect.arrayContaining(['serve', 'doctor', '--version']))
    expect(texts(wanted('help', 'se'))).toEqual(['serve', 'search', 'secrets'])
  })

  it('offers the flags of the command, one that counts once only once', () => {
    expect(texts(wanted('run', '--merg'))).toEqual(['--merged'])
    expect(texts(wanted('run', '--merged', '--merg'))).toEqual([])
    expect(texts(wanted('run', '--accept-host-key', 'SHA256:x', '--accept'))).toEqual([
      '--accept-host-key',
    ])
  })

  it('offers the values of a flag that has few, also after "=" and within a list', () => {
    expect(texts(wanted('run', '--mode', 'p'))).toEqual(['plain', 'pty'])
    expect(texts(wanted('run', '--mode=d'))).toEqual(['--mode=durable'])
    expect(texts(wanted('runs', '--state', 'queued,'))).toEqual([
      'queued,running',
      'queued,stopping',
      'queued,ended',
    ])
    expect(texts(wanted('attach', '--group', '--mask', 'times,'))).toEqual([
      'times,host',
      'times,numbers',
    ])
  })

  it('asks for hosts where a target stands, for runs and saved commands where one of these does, and for files of the host after its name', () => {
    expect(wanted('run', 'web-').kind).toBe('target')
    expect(wanted('run', '--fanout', '5', '').kind).toBe('target')
    expect(wanted('attach', 'r').kind).toBe('run')
    expect(wanted('run', '--saved', 'r').kind).toBe('saved')
    expect(wanted('saved', 'show', '').kind).toBe('saved')
    expect(wanted('tail', 'web-1:/var').kind).toBe('path')
    expect(wanted('tail', 'web-1', '--journal', 'ng').kind).toBe('unit')
    expect(wanted('tail', 'web-1', '--container', 'a').kind).toBe('container')
  })

  it('leaves the remote command and files of this machine to the shell', () => {
    expect(wanted('run', 'web-1', '--', 'ls', '/').kind).toBe('nothing')
    expect(wanted('export', 'r1', '--output', 'x').kind).toBe('nothing')
    expect(wanted('nonsense', '').kind).toBe('nothing')
  })

  it('follows the words of commands that have words of their own', () => {
    expect(texts(wanted('things', ''))).toEqual(['list', 'show', 'put', 'of'])
    expect(texts(wanted('things', 's'))).toEqual(['show'])
    expect(wanted('things', 'show', '').kind).toBe('nothing')
    expect(wanted('things', 'of', 'w').kind).toBe('target')
    expect(texts(wanted('completion', ''))).toEqual(['bash', 'zsh', 'fish'])
  })
})
