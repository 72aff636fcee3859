import { describe, expect, test } from 'vitest'
import { newTask } from '../../core/runs/task-state.ts'
import type { ErrorCode } from '../../shared/errors.ts'
import { nearest } from '../../shared/nearest.ts'
import { UsageError } from '../usage-error.ts'
import { type CommandSpec, parseCommandLine } from './command-line.ts'
import { parseDuration } from './duration.ts'
import { exitStatusOf } from './exit-status.ts'
import { pressKey } from './terminal.ts'
import { endOfText, terminalText } from './terminal-text.ts'

const spec: CommandSpec = {
  name: 'run',
  usage: 'TARGET -- COMMAND…',
  summary: '',
  flags: { json: { value: null, help: '' }, fanout: { value: 'N', help: '' } },
  examples: [],
}

describe('a command line', () => {
  test('leaves everything after -- to the command, flags and further -- included', () => {
    const line = parseCommandLine(spec, ['web-1', '--json', '--', 'ls', '--all', '--', '-h'])
    expect(line.words).toEqual(['web-1'])
    expect(line.rest).toEqual(['ls', '--all', '--', '-h'])
    expect(line.has('json')).toBe(true)
    expect(parseCommandLine(spec, ['web-1']).rest).toBeUndefined()
  })

  test('takes a value after a space or an equals sign, and the last of several', () => {
    const line = parseCommandLine(spec, ['--fanout', '3', '--fanout=-4'])
    expect(line.value('fanout')).toBe('-4')
    expect(line.values('fanout')).toEqual(['3', '-4'])
  })

  test.each([['--fanuot 3'], ['--json=1'], ['--fanout'], ['--fanout --json'], ['-x']])(
    'refuses %s',
    (words) => {
      expect(() => parseCommandLine(spec, words.split(' '))).toThrow(UsageError)
    },
  )
})

describe('the exit status', () => {
  const task = (
    state: 'ended' | 'failed' | 'lost',
    exitCode: number | null,
    code: ErrorCode | null = null,
  ) => ({ ...newTask(0, 'web-1'), state, exitCode, code })
  const cases = [
    ["the command's own", [task('ended', 7)], 7],
    ['0 when all is well', [task('ended', 0), task('ended', 0)], 0],
    ['the worst of several', [task('ended', 1), task('ended', 99), task('ended', 2)], 99],
    ['255 when one did not connect', [task('ended', 1), task('failed', null)], 255],
    ['255 when one was lost', [task('lost', null)], 255],
    ['124 when the time of one was over', [task('ended', 143, 'timed-out'), task('ended', 9)], 124],
    [
      'that of the failed ones when others were not started for them',
      [task('ended', 9), task('failed', null, 'too-many-failures')],
      9,
    ],
  ] as const
  test.each(cases)('is %s', (_, tasks, status) => {
    expect(exitStatusOf({ tasks })).toBe(status)
  })
})

describe('a guess', () => {
  test('is made for a slip and not for another word', () => {
    const known = ['serve', 'run', 'attach', 'runs', 'stop', 'doctor']
    expect(nearest('atach', known)).toBe('attach')
    expect(nearest('rnu', known)).toBe('run')
    expect(nearest('doc', known)).toBe('doctor')
    expect(nearest('frobnicate', known)).toBeUndefined()
  })
})

describe('a time', () => {
  test.each([
    ['30s', 30_000],
    ['10m', 600_000],
    ['2h', 7_200_000],
    ['500ms', 500],
    ['1.5s', 1_500],
    ['7', 7_000],
    ['0', undefined],
    ['600h', undefined],
    ['10 m', undefined],
    ['-1s', undefined],
    ['soon', undefined],
  ])('%s is %s ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms)
  })
})

describe('text for a terminal', () => {
  test('holds no control character but tabs and colours, whatever a host sends', () => {
    const pieces = [
      '\x1b',
      '[31m',
      '\x1b[0;1m',
      ']0;t\x07',
      '\x9b2J',
      '\r',
      '\b',
      '\t',
      'é',
      '\u202e',
      '\x1bP',
      '\x1b\\',
      'x',
    ]
    let seed = 42
    for (let turn = 0; turn < 2_000; turn++) {
      const line = Array.from({ length: 8 }, () => {
        seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31
        return pieces[seed % pieces.length] ?? ''
      }).join('')
      // eslint-disable-next-line no-control-regex -- control characters are what this looks for
      const bare = terminalText(line).replace(/\x1b\[[0-9;:]*m/g, '')
      // eslint-disable-next-line no-control-regex -- control characters are what this looks for
      expect(bare).not.toMatch(/[\x00-\x08\x0a-\x1f\x7f-\x9f\u202e]/)
    }
  })

  test.each([
    ['a window title', 'a\x1b]0;owned\x07b', 'ab'],
    ['the clipboard', 'a\x1b]52;c;cm0gLXJm\x07b', 'ab'],
    ['a question for the font', 'a\x1b]50;?\x1b\\b', 'ab'],
    ['questions that the terminal answers', 'a\x1b[6n\x1b[c\x1b[>q\x1bZb', 'ab'],
    ['a request for a setting', 'a\x1bP$q"p\x1b\\b', 'ab'],
    ['a link', 'a\x1b]8;;https://evil.test/\x07b\x1b]8;;\x07c', 'abc'],
    ['erasing what was there', 'a\x1b[2J\x1b[1A\x1b[Hb', 'ab'],
    ['an eight-bit sequence', 'a\x9b2Jb', 'ab'],
    ['the bell and a backspace', 'a\x07\bb', 'a␇␈b'],
  ])(
    'advisory-CVE-2022-45063, advisory-RUSTSEC-2025-0055, advisory-GHSA-f9jg-8p32-2f55: %s does nothing',
    (_, line, expected) => {
      expect(terminalText(line)).toBe(expected)
    },
  )

  test('is cut at its start so that it fits, wide characters counted twice', () => {
    expect(endOfText('abcdef', 3)).toBe('def')
    expect(endOfText('a你好', 4)).toBe('你好')
    expect(endOfText('a你好', 3)).toBe('好')
  })
})

describe('typing', () => {
  const type = (keys: string) => {
    let typed: readonly string[] = []
    for (const key of keys) {
      const step = pressKey(typed, key)
      if (step.kind === 'done') return step.text
      typed = step.typed
    }
    return undefined
  }
  test.each([
    ['yes\r', 'yes'],
    ['yex\x7fs\n', 'yes'],
    ['wrong\x15right\r', 'right'],
    ['p🙂\x7f\x7fä\r', 'ä'],
    ['\x7f\r', ''],
    ['abc\x03', null],
    ['abc\x04', null],
    ['abc', undefined],
  ])('%j gives %j', (keys, text) => {
    expect(type(keys)).toBe(text)
  })
})
