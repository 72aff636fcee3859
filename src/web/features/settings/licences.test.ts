import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { licences } from './licences.ts'

interface Package {
  readonly license?: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

const root = new URL('../../../../', import.meta.url)
const packageOf = (path: string): Package =>
  JSON.parse(readFileSync(new URL(`${path}package.json`, root), 'utf8'))

test('everything that Farglass is given away with is named, under the licence that it says itself', () => {
  const { dependencies = {}, optionalDependencies = {} } = packageOf('')
  const ofServer = [...Object.keys(dependencies), ...Object.keys(optionalDependencies)]
  const named = (where: string) =>
    licences.filter((each) => each.where === where).map(({ name }) => name)
  expect(named('server').toSorted()).toEqual(ofServer.toSorted())
  expect(named('page').filter((name) => ofServer.includes(name))).toEqual([])
  for (const { name, licence } of licences) {
    const said = name === 'ssh2' ? ssh2Licence() : packageOf(`node_modules/${name}/`).license
    expect([name, said]).toEqual([name, licence])
  }
})

/** It names its licence in an older form. */
function ssh2Licence(): string | undefined {
  const { licenses } = packageOf('node_modules/ssh2/') as { licenses?: { type: string }[] }
  return licenses?.[0]?.type
}
