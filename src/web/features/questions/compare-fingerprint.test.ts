import { describe, expect, test } from 'vitest'
import { compareFingerprint } from './compare-fingerprint.ts'

const fingerprint = 'SHA256:uNiVztksCsDhcc0u9e8BrrJXVGDdWs0fJ8F8ZLMqXBM'

describe('comparing a fingerprint', () => {
  test.each([
    ['nothing', '  ', null],
    ['the fingerprint', fingerprint, 'identical'],
    ['with spaces', ` ${fingerprint}\n`, 'identical'],
    ['the line of ssh-keygen', `256 ${fingerprint} root@web-1 (ED25519)`, 'identical'],
    ['without its prefix', fingerprint.slice(7), 'identical'],
    ['another one', fingerprint.replace('uN', 'Nu'), 'different'],
    ['a part of it', fingerprint.slice(0, 20), 'different'],
    ['in other case', fingerprint.toLowerCase(), 'different'],
  ])('%s', (_, pasted, expected) => {
    expect(compareFingerprint(pasted, fingerprint)).toBe(expected)
  })
})
