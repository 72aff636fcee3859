import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { isAlive, ownName } from './process-identity.ts'

describe('the name of a process', () => {
  test('is alive while the process lives', () => {
    expect(isAlive(ownName())).toBe(true)
  })

  test('is dead when its number belongs to another process now, or to none', async () => {
    const [, start = '', boot = ''] = ownName().split('-')
    expect(isAlive(`${process.pid}-${Number(start) - 1}-${boot}`)).toBe(false)
    expect(isAlive(`${process.pid}-${start}-00000000`)).toBe(false)
    const child = spawn('true')
    await once(child, 'exit')
    expect(isAlive(`${child.pid}-${start}-${boot}`)).toBe(false)
  })

  test('that is none is dead', () => {
    for (const name of ['', 'server', '0-1-x', '-1-1-x', '99999999999999999999-1-x']) {
      expect(isAlive(name)).toBe(false)
    }
  })
})
