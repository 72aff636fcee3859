import { describe, expect, test } from 'vitest'
import { parseDestination } from './destination.ts'
import { AppError } from './errors.ts'

describe('parseDestination', () => {
  test.each([
    ['web-1', null, 'web-1', null],
    ['web-1:2222', null, 'web-1', 2222],
    ['deploy@web-1.example.org:22', 'deploy', 'web-1.example.org', 22],
    ['127.0.0.1:2201', null, '127.0.0.1', 2201],
    ['root@[::1]:22', 'root', '::1', 22],
    ['root@[2001:db8::1]:22', 'root', '2001:db8::1', 22],
    ['[fe80::1%eth0]', null, 'fe80::1%eth0', null],
    ['fe80::1', null, 'fe80::1', null],
  ])('reads %s', (text, user, name, port) => {
    expect(parseDestination(text)).toEqual({ text, user, name, port })
  })

  test.each([
    ['', 'the host name is missing'],
    ['user@', 'the host name is missing'],
    ['@', 'is not a user name'],
    ['@web', 'it stands for several hosts'],
    ['web-[1-3]', 'it stands for several hosts'],
    ['@web!web-2', 'one is asked for here'],
    ['web-1:', 'port "" is not a number'],
    ['web-1:0', 'port "0" is not a number'],
    ['web-1:65536', 'port "65536" is not a number'],
    ['web-1:ssh', 'port "ssh" is not a number'],
    ['web-1:22x', 'port "22x" is not a number'],
    ['[::1', 'the "]" after the address is missing'],
    ['[::1]22', 'after "]" only ":port" can follow'],
    ['a b', 'is not a host name'],
    ['web\n1', 'is not a host name'],
    ['höst', 'is not a host name'],
  ])('refuses %j with a sentence', (text, why) => {
    expect(() => parseDestination(text)).toThrow(why)
  })

  // CVE-2026-4631, CVE-2023-51385: names that ssh reads as an option or a shell as code.
  test.each([
    '-oProxyCommand=touch',
    '-oProxyCommand=x@host',
    'user@-oProxyCommand=x',
    '-l@host',
    'a;b',
    'a`b`',
    'a$(b)',
    'a|b',
    'a&b',
    'a<b',
    'a>b',
    "a'b",
    'a"b',
    'a\\b',
    'a{b}',
    '$(id)@host',
    '`id`@host',
    'user name@host',
    '%h@host',
  ])('advisory-CVE-2026-4631, advisory-CVE-2023-51385: refuses %j', (text) => {
    expect(() => parseDestination(text)).toThrow(AppError)
  })
})
