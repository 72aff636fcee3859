import { describe, expect, it } from 'vitest'
import { parseJournalEntry } from './journal-entry.ts'
import { decodeJournalProgress, encodeJournalProgress } from './journal-progress.ts'

const base = {
  __CURSOR: 's=7f;i=2;b=1d;m=64;t=64;x=b1',
  __REALTIME_TIMESTAMP: '1763000001234567',
  _HOSTNAME: 'web-1',
  SYSLOG_IDENTIFIER: 'app',
  _PID: '12',
  MESSAGE: 'hello',
}

function text(fields: object): string | undefined {
  const entry = parseJournalEntry(new TextEncoder().encode(JSON.stringify(fields)))
  return entry === null ? undefined : new TextDecoder().decode(entry.bytes)
}

describe('an entry of a journal', () => {
  it('is a line with time, host, sender and message', () => {
    expect(text(base)).toBe('2025-11-13T02:13:21.234Z web-1 app[12]: hello\n')
  })

  it.each([
    [{ ...base, MESSAGE: [104, 255] }, 'app[12]: h\ufffd\n'],
    [{ ...base, MESSAGE: ['first', 'second'] }, 'app[12]: first\n'],
    [{ ...base, MESSAGE: null }, 'app[12]: \n'],
    [{ ...base, MESSAGE: 'a\nb\n' }, 'app[12]: a\nb\n'],
    [{ ...base, SYSLOG_IDENTIFIER: undefined, _COMM: 'cron', _PID: undefined }, ' cron: hello\n'],
    [{ ...base, _HOSTNAME: 'a\nb' }, 'Z a b app[12]: hello\n'],
    [{ ...base, __REALTIME_TIMESTAMP: 'soon' }, '- web-1 app[12]: hello\n'],
  ])('%j ends with %j', (fields, end) => {
    expect(text(fields)?.endsWith(end)).toBe(true)
  })

  it('is nothing without a cursor of systemd', () => {
    for (const bad of [null, 3, [], {}, { ...base, __CURSOR: "'; id" }]) {
      expect(text(bad as object)).toBeUndefined()
    }
    expect(parseJournalEntry(new TextEncoder().encode('-- No entries --'))).toBeNull()
  })
})

describe('the progress of a journal', () => {
  it('comes back as it was, and nothing else is taken for it', () => {
    for (const progress of [{ cursor: base.__CURSOR }, { since: 1_763_000_000 }]) {
      expect(decodeJournalProgress(encodeJournalProgress(progress))).toEqual(progress)
    }
    for (const bad of ['', 'null', '{}', '{"cursor":"x\'; id"}', '{"since":"soon"}']) {
      expect(decodeJournalProgress(bad)).toBeUndefined()
    }
  })
})
