import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { levelOf } from './line-level.ts'

const rows: readonly [string, string, string][] = [
  ['{"time":1,"level":"error","msg":"x"}', 'error', 'stated'],
  ['{"level":30,"msg":"an error"}', 'info', 'stated'],
  ['{"severity":"WARNING"}', 'warn', 'stated'],
  ['time=12:00 level=debug msg="error"', 'debug', 'stated'],
  ['<11>Nov 25 web-1 app: gone', 'error', 'stated'],
  ['<14>Nov 25 web-1 app: fine', 'info', 'stated'],
  ['W1125 14:00:00.1 7 file.go:1] slow', 'warn', 'stated'],
  ['2026-11-25 12:00:00 [ERROR] no room', 'error', 'stated'],
  ['[warn] slow', 'warn', 'stated'],
  ['2026-11-25T12:00:00Z ERROR no room', 'error', 'likely'],
  ['2026-11-25 12:00:00,123 - app - WARNING - slow', 'warn', 'likely'],
  ['INFO: started', 'info', 'likely'],
  ['gcc: error: no input files', 'error', 'likely'],
  ['panic: runtime error', 'error', 'likely'],
  ['error[E0382]: borrow of moved value', 'error', 'likely'],
  ['Traceback (most recent call last):', 'error', 'likely'],
  ['java.lang.IllegalStateException: no', 'error', 'likely'],
]

describe('the level of a line', () => {
  test.each(rows)('%s: %s, %s', (text, level, confidence) => {
    expect(levelOf(text)).toEqual({ level, confidence })
  })

  test.each([
    '',
    'no errors found',
    '0 errors, 0 warnings',
    'GET /error 200',
    'the error was corrected',
    'the INFORMANT said',
    `${'x'.repeat(300)} ERROR far from the start`,
    'level 5 reached',
  ])('"%s" says none', (text) => {
    expect(levelOf(text)).toBe(null)
  })

  test('is found in linear time, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 2_000 }), (text) => {
        const found = levelOf(text)
        return found === null || ['error', 'warn', 'info', 'debug'].includes(found.level)
      }),
    )
    expect(levelOf('a.'.repeat(500_000))).toBe(null)
    expect(levelOf(' '.repeat(1_000_000))).toBe(null)
  })
})
