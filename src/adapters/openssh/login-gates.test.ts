import { describe, expect, test } from 'vitest'
import { type Destination, parseDestination } from '../../shared/destination.ts'
import type { SshSettings } from '../../shared/protocol/hosts.ts'
import { LoginGates } from './login-gates.ts'
import { loginWays } from './login-ways.ts'

const never = new AbortController().signal

describe('logins', () => {
  test('to one server by many names are never more than its places; those to others do not wait', async () => {
    const asked: string[] = []
    const gates = new LoginGates({
      places: 3,
      ways: async ({ name }) => {
        asked.push(name)
        return [name.startsWith('h') ? 'one' : 'other']
      },
    })
    const inside: (() => void)[] = []
    const come = (name: string) =>
      gates.enter(parseDestination(name), never).then((leave) => inside.push(leave))
    const coming = Array.from({ length: 10 }, (_, at) => come(`h${at}`))
    await Promise.all(coming.slice(0, 3))
    // They are so few that nobody had to be asked where they go.
    expect([inside.length, asked.includes('h0'), asked.includes('h3')]).toEqual([3, false, true])
    inside.shift()?.()
    await coming[3]
    inside.shift()?.()
    inside.shift()?.()
    await Promise.all(coming.slice(4, 6))
    expect(inside).toHaveLength(3)
    await come('elsewhere')
    expect(inside).toHaveLength(4)
    while (inside.length > 0) {
      inside.shift()?.()
      await settled()
    }
    await Promise.all(coming)
    // The storm is over: nobody is asked.
    await come('h9')
    expect(asked.filter((name) => name === 'h9')).toHaveLength(1)
  })

  test('that are given up while they wait take no place', async () => {
    const gates = new LoginGates({ places: 1, ways: async () => ['one'] })
    const leave = await gates.enter(parseDestination('a'), never)
    const giveUp = new AbortController()
    const waiting = gates.enter(parseDestination('b'), giveUp.signal)
    await settled()
    giveUp.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
    leave()
    leave()
    await gates.enter(parseDestination('c'), never)
  })
})

describe('a login reaches', () => {
  const config: Readonly<Record<string, Partial<SshSettings>>> = {
    'web-1': { hostName: '10.0.0.7', port: 2222 },
    'web-2': { hostName: '10.0.0.8', proxyJump: 'me@edge:22,inner' },
    'web-3': { hostName: '10.0.0.9', proxyCommand: 'ssh -W %h:%p edge' },
    edge: { hostName: 'EDGE.example.com' },
    inner: { hostName: '10.1.0.1', proxyJump: 'edge' },
    loop: { hostName: '10.2.0.1', proxyJump: 'loop' },
  }
  const settingsOf = async ({ name }: Destination): Promise<SshSettings | null> => {
    const found = config[name]
    return found === undefined ? null : { ...usual, ...found }
  }
  test.each([
    ['web-1', ['10.0.0.7 2222']],
    ['web-2', ['10.0.0.8 22', 'edge.example.com 22', '10.1.0.1 22']],
    ['web-3', ['10.0.0.9 22', 'command ssh -W %h:%p edge']],
    ['unknown', ['name unknown']],
    ['loop', ['10.2.0.1 22', 'jump loop']],
  ])('%s by %s', async (name, ways) => {
    expect(await loginWays(parseDestination(name), settingsOf)).toEqual(ways)
  })
})

const usual: SshSettings = {
  hostName: '',
  port: 22,
  user: 'me',
  proxyJump: null,
  proxyCommand: null,
  identityFiles: [],
  certificateFiles: [],
}

function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
