import { expect, test } from 'vitest'
import { errorTable } from '../../shared/errors.ts'
import { limits } from '../../shared/limits.ts'
import { isThrottled, type LoginFacts, loginError } from './failure.ts'

const facts: LoginFacts = {
  said: '',
  text: 'web-1',
  resolved: { host: '192.0.2.7', port: 2222, user: 'ada' },
  typed: false,
  secretGiven: false,
}

test.each([
  ['ssh: Could not resolve hostname web-1: Name or service not known', 'name-not-resolved'],
  ['ssh: connect to host 192.0.2.7 port 2222: Connection refused', 'connection-refused'],
  ['ssh: connect to host 192.0.2.7 port 2222: Connection timed out', 'connection-timeout'],
  ['ssh: connect to host 192.0.2.7 port 2222: Operation timed out', 'connection-timeout'],
  ['Connection timed out during banner exchange', 'connection-timeout'],
  ['Connection to 192.0.2.7 port 2222 timed out', 'connection-timeout'],
  ['ssh: connect to host 192.0.2.7 port 2222: No route to host', 'host-unreachable'],
  ['ssh: connect to host 192.0.2.7 port 2222: Network is unreachable', 'host-unreachable'],
  ['kex_exchange_identification: Connection closed by remote host', 'connection-closed'],
  ['kex_exchange_identification: read: Connection reset by peer', 'connection-closed'],
  ['kex_exchange_identification: banner line contains invalid characters', 'connection-closed'],
  ['Connection closed by 192.0.2.7 port 2222', 'connection-closed'],
  ['Received disconnect from 192.0.2.7 port 2222:2: too slow', 'connection-closed'],
  [
    'Unable to negotiate with 192.0.2.7 port 2222: no matching host key type found. Their offer: ssh-rsa',
    'algorithm-mismatch',
  ],
  ['/home/ada/.ssh/config: line 7: Bad configuration option: foo', 'ssh-config-invalid'],
  ["Can't open user config file /x: No such file or directory", 'ssh-config-invalid'],
  ['Bad owner or permissions on /home/ada/.ssh/config', 'ssh-config-invalid'],
  ['Host key verification failed.', 'host-key-unknown'],
  ['ada@192.0.2.7: Permission denied (publickey,password).', 'key-refused'],
  [
    'Received disconnect from 192.0.2.7 port 2222:2: Too many authentication failures',
    'key-refused',
  ],
  ['something new', 'ssh-failed'],
  ['', 'ssh-failed'],
])('%j is %s, and the sentence names host, address, port and user', (said, code) => {
  const error = loginError({ ...facts, said: `${said}\r\n` })
  expect(error.code).toBe(code)
  expect(error.message).toMatch(/^Host "web-1" \(ada@192\.0\.2\.7, port 2222\) .*\.$/)
  expect(error.hint).toBe(errorTable[error.code].hint)
})

test('a refusal after a secret was given is about the secret', () => {
  const said = 'ada@192.0.2.7: Permission denied (password).'
  expect(loginError({ ...facts, said, secretGiven: true }).code).toBe('password-refused')
  expect(loginError({ ...facts, said, typed: true }).code).toBe('password-refused')
})

test('a disconnect text cannot pass for a mistake in our configuration', () => {
  const said = 'Received disconnect from 192.0.2.7 port 22:2: /etc/x: line 3: Bad option'
  expect(loginError({ ...facts, said }).code).toBe('connection-closed')
})

test('what a host says is shown short and without control characters', () => {
  const said = `Received disconnect from 192.0.2.7 port 22:2: \u001b[2J${'x'.repeat(5_000)}`
  const { message } = loginError({ ...facts, said })
  expect(message.length).toBeLessThan(limits.hostTextCharsMax + 200)
  expect(message).toContain('\\u{1b}[2J')
})

test('only a connection that was dropped before the login is tried again', () => {
  expect(isThrottled('kex_exchange_identification: Connection closed by remote host')).toBe(true)
  expect(isThrottled('kex_exchange_identification: read: Connection reset by peer')).toBe(true)
  expect(isThrottled('Connection closed by 192.0.2.7 port 22')).toBe(false)
})
