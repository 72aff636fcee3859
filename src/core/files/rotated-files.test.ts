import { describe, expect, it } from 'vitest'
import { inOrder, isRotatedFrom } from './rotated-files.ts'

const path = '/var/log/app.log'
const entry = (name: string, modified = 0) => ({ path: name, inode: '1', size: 1, modified })
const order = (names: readonly (readonly [string, number?])[]) =>
  inOrder(
    path,
    names.map(([name, modified]) => entry(name, modified)),
  ).map(({ path: name }) => name.replace('/var/log/', ''))

describe('rotated files', () => {
  it.each([
    'app.log.1',
    'app.log.12.gz',
    'app.log-20261125',
    'app.log-20261125.xz',
    'app.log.2026-11-25',
    'app-20261125.log',
    'app.20261125.log.zst',
    'app.log.old',
    'app.log.gz',
  ])('takes %s for one', (name) => {
    expect(isRotatedFrom(path, `/var/log/${name}`)).toBe(true)
  })

  it.each([
    'app.log',
    'app.log.d',
    'app.logs',
    'app.error.log',
    'app.log-error',
    'app.log.tmp',
    'other.log.1',
  ])('takes %s for none', (name) => {
    expect(isRotatedFrom(path, `/var/log/${name}`)).toBe(false)
  })

  it('the higher number is the older one, whatever the times say; the file itself comes last', () => {
    expect(
      order([
        ['/var/log/app.log', 1],
        ['/var/log/app.log.1', 9],
        ['/var/log/app.log.10.gz', 9],
        ['/var/log/app.log.2', 3],
      ]),
    ).toEqual(['app.log.10.gz', 'app.log.2', 'app.log.1', 'app.log'])
  })

  it('dates are ordered by time of change, then by name', () => {
    expect(
      order([
        ['/var/log/app.log-20261125', 5],
        ['/var/log/app.log-20261123', 3],
        ['/var/log/app.log-20261124', 3],
        ['/var/log/app.log', 9],
      ]),
    ).toEqual(['app.log-20261123', 'app.log-20261124', 'app.log-20261125', 'app.log'])
  })

  it('a packed file counts once the plain one is gone', () => {
    expect(
      order([['/var/log/app.log.1'], ['/var/log/app.log.1.gz'], ['/var/log/app.log']]),
    ).toEqual(['app.log.1', 'app.log'])
  })
})
