import { expect, test } from 'vitest'
import { parseRedisUrl } from './redis-address.ts'

test('an address names one Redis, with its database and who we are there', () => {
  expect(parseRedisUrl('rediss://me:p%40ss@redis-1/2')).toEqual({
    servers: [{ host: 'redis-1', port: 6379 }],
    sentinel: undefined,
    db: 2,
    tls: true,
    username: 'me',
    password: 'p@ss',
    shown: 'rediss://redis-1',
  })
  expect(parseRedisUrl('redis://[::1]:7000').servers).toEqual([{ host: '::1', port: 7000 }])
})

test('several servers are joined by commas, and share all the rest', () => {
  const { servers, password, shown } = parseRedisUrl('redis://:s3cret@a:1,b,[::1]:3/')
  expect(servers).toEqual([
    { host: 'a', port: 1 },
    { host: 'b', port: 6379 },
    { host: '::1', port: 3 },
  ])
  expect(password).toBe('s3cret')
  expect(shown).toBe('redis://a:1,b,[::1]:3')
})

test('sentinels are asked for the primary of a name, by a user and password of their own', () => {
  const text = 'rediss+sentinel://me:one@a,b:1/main/3?sentinel-user=you&sentinel-password=t%26wo'
  expect(parseRedisUrl(text)).toEqual({
    servers: [
      { host: 'a', port: 26379 },
      { host: 'b', port: 1 },
    ],
    sentinel: { primary: 'main', username: 'you', password: 't&wo' },
    db: 3,
    tls: true,
    username: 'me',
    password: 'one',
    shown: 'rediss+sentinel://a,b:1/main',
  })
})

test('what is none is refused without showing it', () => {
  for (const text of [
    'http://s3cret@a',
    'redis://',
    'redis://a,,b:s3cret',
    'redis://a/s3cret',
    'redis+sentinel://s3cret',
    's3cret',
  ]) {
    expect(() => parseRedisUrl(text)).toThrow(/^The address of Redis is not one\.$/)
  }
})
