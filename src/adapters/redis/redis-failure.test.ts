import { describe, expect, test } from 'vitest'
import { isOfCluster, redirectOf } from './cluster-slots.ts'
import { describeReply } from './redis-failure.ts'

describe('what a server says', () => {
  test('of a right that is missing is understood from Redis 7.0, later ones and Valkey', () => {
    for (const reply of [
      "NOPERM this user has no permissions to run the 'xadd' command",
      "ERR The user executing the script can't run this command or subcommand script: 5958a4d6",
      "ERR ACL failure in script: User few has no permissions to run the 'xadd' command script: 5958a4d6",
    ]) {
      expect(describeReply(reply, 'redis://a').message).toMatch(
        /^Redis at redis:\/\/a does not let this user do what Farglass needs( \(xadd\))?\.$/,
      )
    }
  })

  test('of being one of a cluster is understood from Redis and Valkey', () => {
    expect(isOfCluster('redis_version:7.0.15\r\nredis_mode:cluster\r\n')).toBe(true)
    expect(isOfCluster('server_name:valkey\r\nserver_mode:cluster\r\n')).toBe(true)
    expect(isOfCluster('redis_mode:standalone\r\n')).toBe(false)
  })

  test('of who has a slot leads there, also by its own name, IPv6 and without a host', () => {
    const asked = { host: 'a', port: 1 }
    const to = (reply: string) => redirectOf(reply, asked)
    expect(to('MOVED 3 b:2')).toEqual({ kind: 'moved', to: { host: 'b', port: 2 } })
    expect(to('ASK 3 ::1:2')).toEqual({ kind: 'ask', to: { host: '::1', port: 2 } })
    expect(to('MOVED 3 :2')).toEqual({ kind: 'moved', to: { host: 'a', port: 2 } })
    expect(to('CLUSTERDOWN The cluster is down')).toEqual({ kind: 'again' })
    expect(to('NOPERM')).toBeUndefined()
  })
})
