import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseDestination } from './destination.ts'
import { AppError, sentenceOf } from './errors.ts'
import { limits } from './limits.ts'
import { parseTarget, selectHosts } from './target.ts'

const host = (name: string, groups: readonly string[], ...tags: readonly string[]) => ({
  name,
  groups,
  tags,
})
const inventory = {
  hosts: [
    host('web-1', ['web', 'prod'], 'env:prod', 'zone:eu'),
    host('web-2', ['web', 'prod'], 'env:prod', 'zone:us'),
    host('web-3', ['web', 'canary'], 'env:test'),
    host('db-1', ['db', 'prod'], 'env:prod'),
    host('rack1n1', ['rack1']),
    host('rack2n1', ['rack2']),
    host('fe80::7', ['v6']),
  ],
}

function select(target: string, known = inventory): readonly string[] {
  return selectHosts(parseTarget(target), known)
}

/** The sentence, and what to do. */
function complaint(target: string, known = inventory): string {
  try {
    return `no complaint, but ${select(target, known).join()}`
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown
    expect(thrown.code).toBe('bad-target')
    return sentenceOf(thrown)
  }
}

describe('a target', () => {
  test.each([
    // Destinations, known or not, as in every version.
    ['web-1', 'web-1'],
    ['box.example.org, web-1,box.example.org', 'box.example.org web-1'],
    [
      'deploy@box:2222,root@[::1]:22,[fe80::1%eth0],fe80::9,127.0.0.1:2201',
      'deploy@box:2222 root@[::1]:22 [fe80::1%eth0] fe80::9 127.0.0.1:2201',
    ],
    // Ranges.
    ['n[1-3,7]', 'n1 n2 n3 n7'],
    ['n[008-010]', 'n008 n009 n010'],
    ['n[1-10/4]', 'n1 n5 n9'],
    ['n[01-10/3].example.com', 'n01.example.com n04.example.com n07.example.com n10.example.com'],
    ['rack[1-2]n[1-2]', 'rack1n1 rack1n2 rack2n1 rack2n2'],
    ['user@web-[1-2]:2222', 'user@web-1:2222 user@web-2:2222'],
    ['10.0.0.[9-10]', '10.0.0.9 10.0.0.10'],
    ['n[ 1 - 2 , 4 ]', 'n1 n2 n4'],
    ['n1[9-10]', 'n19 n110'],
    ['n[1-2][3-4]', 'n13 n14 n23 n24'],
    // Patterns select known hosts.
    ['web-*', 'web-1 web-2 web-3'],
    ['*-1', 'web-1 db-1'],
    ['???-[2-3]', 'web-2 web-3'],
    ['deploy@web-*:22!deploy@web-3:22', 'deploy@web-1:22 deploy@web-2:22'],
    ['root@fe80*:22', 'root@[fe80::7]:22'],
    // Groups and tags.
    ['@db,@canary', 'db-1 web-3'],
    ['@rack[1-2]', 'rack1n1 rack2n1'],
    ['@rack*', 'rack1n1 rack2n1'],
    ['@env:prod', 'web-1 web-2 db-1'],
    ['@env:*!@zone:us', 'web-1 web-3 db-1'],
    ['@*!@prod!@v6', 'web-3 rack1n1 rack2n1'],
    // As another user.
    ['deploy@@web', 'deploy@web-1 deploy@web-2 deploy@web-3'],
    ['root@@env:test,deploy@@rack[1-2]', 'root@web-3 deploy@rack1n1 deploy@rack2n1'],
    ['root@@v6', 'root@fe80::7'],
    ['deploy@@*&deploy@@db', 'deploy@db-1'],
    ['deploy@@web!deploy@@canary!deploy@web-1', 'deploy@web-2'],
    // From left to right.
    ['@web&@prod', 'web-1 web-2'],
    ['@db,@web&@prod', 'db-1 web-1 web-2'],
    ['@web!web-2,web-2', 'web-1 web-3 web-2'],
    ['@web^@prod', 'web-3 db-1'],
    [' @web & @prod\n! web-2, \tbox ', 'web-1 box'],
    ['a b\nc,,d,', 'a b c d'],
  ])('%j names %s', (target, hosts) => {
    expect(select(target).join(' ')).toBe(hosts)
  })

  test.each([
    ['', 'names no host'],
    [' , ', 'names no host'],
    ['web-1;', 'Column 1 of the target: Host "web-1;": "web-1;" is not a host name'],
    ['a,web-1:70000', 'Column 3 of the target: Host "web-1:70000": the port "70000"'],
    ['a,-oProxyCommand=x', 'Column 3 of the target: '],
    ['web-1:[22-23]', 'the port "[22-23]" is not one number'],
    ['web-1:2?', 'the port "2?" is not one number'],
    ['u*@web-1', '"u*@" is not one user name'],
    ['@web:', '"@web:" names no tag'],
    ['@', '"@" names no group'],
    ['@we b', 'there is no group "@we". Did you mean "@web"?'],
    ['@w/b', '"@w/b" is not the name of a group'],
    // Brackets.
    ['a,n[1-3', 'Column 4 of the target: the "]" to this "[" is missing'],
    ['n1-3]', 'Column 5 of the target: there is a "]" without "["'],
    ['n[1[2]]', 'Column 4 of the target: there is a "[" within brackets'],
    ['n[1,3-1]', 'Column 5 of the target: "3-1" runs backwards'],
    ['n[a-c]', '"a-c" is not a range of numbers. Write numbers as [1-3], [01-10/2] or [1,4-6].'],
    ['n[-3]', '"-3" is not a range of numbers'],
    ['n[1,,2]', 'Column 5 of the target: a number is missing'],
    ['n[]', 'Column 3 of the target: a number is missing'],
    ['n[1-10/0]', 'the step of "1-10" must be 1 or more'],
    ['n[3/2]', '"3" is one number, so it has no step'],
    ['n[01-100]', '"01-100" has zeros in front, so both numbers need as many digits'],
    ['n[1234567890123456]', 'has more than 15 digits'],
    // Operators.
    ['!web-2', 'Column 1 of the target: "!" has nothing to take from. Write @*!web-2'],
    ['&a', 'there is nothing before "&"'],
    ['a!', 'Column 2 of the target: a host or group is missing after "!"'],
    ['a &! b', 'Column 4 of the target: there is nothing between "&" and "!"'],
    ['a,&b', 'Column 3 of the target: there is nothing between "," and "&"'],
    ['a!,b', 'Column 2 of the target: there is nothing between "!" and ","'],
    // Groups that are not known are never taken for empty ones.
    ['a,@wbe', 'Column 3 of the target: there is no group "@wbe". Did you mean "@web"?'],
    ['@web!@cannary', 'there is no group "@cannary". Did you mean "@canary"?'],
    ['@web-1', 'there is no group "@web-1". A host is named without "@": web-1.'],
    ['@env:pro', 'no host has the tag "@env:pro". Did you mean "@env:prod"?'],
    ['@web:2222', 'no host has the tag "@web:2222". A group takes no port'],
    ['@zzzzzzzz', 'Known: @canary, @db, @prod, @rack1'],
    ['@x*', 'no group matches "@x*"'],
    ['a,deploy@@wbe', 'Column 3 of the target: there is no group "@wbe". Did you mean "@web"?'],
    ['-x@@web', 'not a user name that Farglass passes to ssh'],
    ['u*@@web', '"u*@" is not one user name'],
    ['deploy@@', '"deploy@@" names no group'],
    ['a@@b@@web', '"a@@b@@web" is not the name of a group'],
    // Who is taken out must not be run on under another name.
    ['deploy@@web!web-2', '"!web-2" does not take out deploy@web-2. Write "!deploy@web-2".'],
    ['deploy@@web!@canary', '"!@canary" does not take out deploy@web-3. Write "!deploy@@canary".'],
    // Why nothing is left.
    ['@web!web-[1-3]', '"@web" has no hosts but "web-[1-3]", which are taken out by "!web-[1-3]"'],
    ['@canary!web-3', '"@canary" has no hosts but "web-3", which is taken out by "!web-3"'],
    ['web-3!web-3', 'The target names no host: "!web-3" takes out all of "web-3"'],
    ['@web&@db', 'No host is both in "@web" and in "@db"'],
    ['a,b^a,b!b', '"a,b^a,b" has no hosts but "b"'],
    ['a^a', '"a" and "a" name the same hosts, so "^" leaves none'],
    ['cache-*,x?', 'No host of the inventory matches "cache-*" or "x?"'],
  ])('%j is refused with where and why', (target, why) => {
    expect(complaint(target)).toContain(why)
  })

  test('says so when nothing is known at all', () => {
    expect(complaint('@*', { hosts: [] })).toContain('the inventory has none')
    expect(complaint('@web', { hosts: [] })).toContain('No host has a group yet')
  })

  test('that stands for a thousand million hosts is refused before any is written out', () => {
    expect(complaint('n[1-1000000000]')).toContain('stands for 1000000000 names; at most 10000')
    expect(complaint('a[1-9999]b[1-9999]c[1-9999],a')).toContain('at most 10000 are worked out')
    expect(complaint('*[1-9999]*')).toContain('9999 patterns; at most 2000')
    expect(complaint(`${'a,'.repeat(2_001)}`)).toContain('has 2001 parts; at most 2000')
    expect(complaint('a'.repeat(limits.targetCharsMax + 1))).toContain('longer than 32768')
  })

  test('has as many hosts as one run can have, after all is taken out', () => {
    expect(complaint('h[1-1001]')).toContain('names 1001 hosts; at most 1000')
    expect(select('h[1-5000]&h[501-1500]')).toHaveLength(1_000)
  })

  test('of stars takes no more time than there are characters to look at', () => {
    const known = { hosts: [host('a'.repeat(300), [])] }
    expect(complaint(`${'*a'.repeat(150)}b,x*`, known)).toContain(
      'No host of the inventory matches',
    )
  })

  test('of any text gives only what ssh takes for a host, or is refused with a sentence', () => {
    const signs = '@ [ ] : , ! & ^ * ? / ; % 0 1 22 1-3'.split(' ')
    const texts = ['web', 'web-', 'env:prod', '::1', '-o', '$(id)', '`', "'", 'é', ' ', '\n', '\0']
    const part = fc.constantFrom(...signs, ...texts)
    const text = fc.array(part, { maxLength: 12 }).map((parts) => parts.join(''))
    fc.assert(
      fc.property(text, (target) => {
        try {
          for (const name of select(target)) expect(parseDestination(name).name).toMatch(/^[\w[:]/)
        } catch (thrown) {
          expect(thrown).toMatchObject({ code: 'bad-target' })
        }
      }),
      { numRuns: 5_000 },
    )
  })
})
