import { expect, test } from 'vitest'
import { destinationArgs, masterArgs } from './ssh-args.ts'

const setup = { configArgs: ['-F', '/x'], version: 902 }
const destination = { text: 'ada@web-1:22', user: 'ada', name: 'web-1', port: 22 }

test('a login offers no key, no agent and no ticket when a password was typed', () => {
  const args = masterArgs(setup, { destination, socketPath: '/s', typed: true })
  expect(args).toEqual(
    expect.arrayContaining([
      'PubkeyAuthentication=no',
      'IdentityAgent=none',
      'IdentitiesOnly=yes',
      'GSSAPIAuthentication=no',
      'HostbasedAuthentication=no',
      'PreferredAuthentications=password,keyboard-interactive',
      'NumberOfPasswordPrompts=1',
    ]),
  )
})

test('everything behind "--" is the host', () => {
  const master = masterArgs(setup, { destination, socketPath: '/s', typed: false })
  expect(master.slice(master.indexOf('--'))).toEqual(['--', 'web-1'])
})

test('options that an older ssh does not know are not given to it', () => {
  const login = { destination, socketPath: '/s', typed: false }
  expect(masterArgs(setup, login).join(' ')).toContain('ForkAfterAuthentication')
  expect(masterArgs({ ...setup, version: 804 }, login).join(' ')).not.toContain('ForkAfter')
})

test.each(['name', 'user'] as const)('a %s that looks like an option is refused', (part) => {
  expect(() => destinationArgs({ ...destination, [part]: '-oProxyCommand=id' })).toThrow(
    expect.objectContaining({ code: 'bad-target' }),
  )
})
