import { describe, expect, it } from 'vitest'
import { spec } from './tail.ts'
import { parseTailWord } from './tail-word.ts'

describe('a word of farglass tail', () => {
  it.each([
    ['web-1:/var/log/syslog', 'web-1', '/var/log/syslog'],
    ['deploy@web-1:2222:/x', 'deploy@web-1:2222', '/x'],
    ['web-1:2222,web-2:app.log', 'web-1:2222,web-2', 'app.log'],
    ['[::1]:22:/x:y', '[::1]:22', '/x:y'],
    ['[fe80::1]:~/a b', '[fe80::1]', '~/a b'],
    ['web-1:./2222', 'web-1', './2222'],
    ['web-[1-3]:2222!web-2:/x', 'web-[1-3]:2222!web-2', '/x'],
    ['@web:/var/log/syslog', '@web', '/var/log/syslog'],
    ['@web:app.log', '@web', 'app.log'],
    ['@env:prod:app.log', '@env:prod', 'app.log'],
    ['@env:prod&@web!web-[1-2]:/x:y', '@env:prod&@web!web-[1-2]', '/x:y'],
    ['web-1,@env:*:~/x', 'web-1,@env:*', '~/x'],
    ['deploy@@env:prod:app.log', 'deploy@@env:prod', 'app.log'],
    ['web-1:20261125.log', 'web-1', '20261125.log'],
  ])('%s', (word, target, path) => {
    expect(parseTailWord(spec, word)).toEqual({ target, path })
  })

  it.each(['web-1', 'web-1:', 'web-1:22', ':/x', '[::1]'])('%s is none', (word) => {
    expect(() => parseTailWord(spec, word)).toThrow(/names no (?:path|host)/)
  })
})
