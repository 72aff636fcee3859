import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { limits } from '../shared/limits.ts'
import { readConfig } from './config.ts'
import { UsageError } from './usage-error.ts'

let directory = ''
let file = ''

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'fg-config-'))
  file = join(directory, 'farglass.json')
  writeFileSync(file, '{"port": 1001, "sync": "interval", "demo": true}')
})

afterAll(() => rmSync(directory, { recursive: true }))

describe('a setting', () => {
  test('comes from the flag, else the variable, else the file, else the default', () => {
    const env = { FARGLASS_PORT: '1002' }
    expect(readConfig({ flags: { port: '1003', config: file }, env }).port).toBe(1003)
    expect(readConfig({ flags: { config: file }, env }).port).toBe(1002)
    expect(readConfig({ flags: { config: file }, env: {} })).toMatchObject({
      port: 1001,
      sync: 'interval',
      demo: true,
    })
    expect(readConfig({ flags: {}, env: { FARGLASS_PORT: '' } })).toMatchObject({
      host: '127.0.0.1',
      port: 4770,
      auth: 'token',
      sync: 'full',
      demo: false,
    })
  })

  test('of the canary names hosts and a time, from the flag or the variables', () => {
    const flags = { canary: 'web-1,web-2:22' }
    expect(readConfig({ flags: {}, env: {} }).canary).toBeNull()
    expect(readConfig({ flags, env: {} }).canary).toEqual({
      target: 'web-1,web-2:22',
      everyMs: 300_000,
    })
    const env = { FARGLASS_CANARY: 'db', FARGLASS_CANARY_EVERY: '90s' }
    expect(readConfig({ flags: {}, env }).canary).toEqual({ target: 'db', everyMs: 90_000 })
    expect(() => readConfig({ flags: { ...flags, 'canary-every': '1s' }, env: {} })).toThrow(
      '--canary-every: "1s" is not a time from 5s up',
    )
    expect(() => readConfig({ flags: { canary: '-x' }, env: {} })).toThrow(
      '--canary: "-x" is not a target',
    )
    expect(() => readConfig({ flags: { 'canary-every': '1m' }, env: {} })).toThrow(
      '--canary-every says nothing without hosts.',
    )
  })

  test('of Redis is an address, which is never shown: it may hold a password', () => {
    const env = { FARGLASS_REDIS: 'rediss://me:pa55@redis-1:6380/2' }
    expect(readConfig({ flags: {}, env }).redis).toEqual({ url: env.FARGLASS_REDIS, ca: null })
    for (const redis of ['redis://a:1,b:2', 'rediss+sentinel://a,b/main']) {
      expect(readConfig({ flags: { redis }, env: {} }).redis).toEqual({ url: redis, ca: null })
    }
    expect(readConfig({ flags: {}, env: {} }).redis).toBeNull()
    const wrong = () => readConfig({ flags: { redis: 'http://me:pa55@redis-1' }, env: {} })
    expect(wrong).toThrow('--redis: the value is not an address as redis://HOST:PORT.')
  })

  test('of who signs for Redis is a file with certificates, which is looked at with TLS only', () => {
    const caOf = (file: string, redis = 'rediss://redis-1') =>
      readConfig({ flags: { redis, 'redis-ca': file }, env: {} }).redis?.ca
    expect(() => caOf('/nowhere/ca.pem')).toThrow('--redis-ca: it cannot be read: ENOENT')
    expect(() => caOf('package.json')).toThrow('--redis-ca: "package.json" holds no certificate.')
    expect(() => caOf('any', 'redis://redis-1')).toThrow('--redis-ca says nothing without TLS.')
    const alone = () => readConfig({ flags: {}, env: { FARGLASS_REDIS_CA: 'any' } })
    expect(alone).toThrow('FARGLASS_REDIS_CA says nothing without Redis.')
  })

  test('of what Redis keeps are a size and a directory, which say nothing without it', () => {
    const env = { FARGLASS_REDIS: 'redis://redis-1' }
    const keepOf = (flags: Record<string, string>) => readConfig({ flags, env }).keep
    expect(keepOf({})).toEqual({ bytes: limits.hotBytes, archive: null })
    const given = keepOf({ 'redis-keep': '1G', archive: '/srv/archive' })
    expect(given).toEqual({ bytes: 1024 ** 3, archive: '/srv/archive' })
    expect(() => keepOf({ 'redis-keep': '7M' })).toThrow('--redis-keep: "7M" is less than 8M.')
    expect(() => keepOf({ 'redis-keep': '8' })).toThrow('is not a size such as 64M or 1G')
    expect(readConfig({ flags: {}, env: {} }).keep).toBeNull()
    const alone = () => readConfig({ flags: { archive: '/srv' }, env: {} })
    expect(alone).toThrow('--archive says nothing without Redis.')
  })

  test('that is wrong is named with its value and its place', () => {
    expect(() => readConfig({ flags: {}, env: { FARGLASS_SYNC: 'never' } })).toThrow(
      'FARGLASS_SYNC: "never" is not "full" or "interval".',
    )
  })
})

describe('what others could reach', () => {
  test.each(['0.0.0.0', '::', '192.168.1.7', 'example.org', '127.0.0.1.example.org'])(
    'is refused on %s without login, and without TLS',
    (host) => {
      expect(() => readConfig({ flags: { host, auth: 'none' }, env: {} })).toThrow(UsageError)
      expect(() => readConfig({ flags: { host }, env: {} })).toThrow(UsageError)
      const behindProxy = { host, 'behind-tls-proxy': 'true' }
      expect(() => readConfig({ flags: { ...behindProxy, auth: 'none' }, env: {} })).toThrow(
        UsageError,
      )
      expect(readConfig({ flags: behindProxy, env: {} }).host).toBe(host)
    },
  )

  test.each(['127.0.0.1', '127.1.2.3', '::1', 'localhost'])('is not %s', (host) => {
    expect(readConfig({ flags: { host, auth: 'none' }, env: {} }).auth).toBe('none')
  })
})
