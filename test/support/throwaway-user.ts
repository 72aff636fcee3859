/** A local user with a password, made for one test and removed after it. Needs root. */
import { execFile } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { isAlive } from './proc.ts'

const run = promisify(execFile)

export interface ThrowawayUser extends AsyncDisposable {
  readonly name: string
  readonly password: string
  readonly home: string
}

export const canMakeUsers: boolean = process.getuid?.() === 0

/** Makes the user with `home` as its home directory. */
export async function makeUser(home: string): Promise<ThrowawayUser> {
  await removeAbandoned()
  const name = `fgt${process.pid}x${randomInt(10_000)}`
  const password = `pw-${randomInt(2 ** 40).toString(36)} é$"'\\`
  await retryWhileLocked('useradd', ['-M', '-d', home, '-s', '/bin/sh', name])
  await mkdir(home, { recursive: true })
  await run('chown', [name, home])
  await setPassword(name, password)
  return {
    name,
    password,
    home,
    [Symbol.asyncDispose]: () => removeUser(name),
  }
}

async function setPassword(name: string, password: string): Promise<void> {
  const child = execFile('chpasswd', [])
  const done = new Promise<void>((resolve, reject) => {
    child.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`chpasswd gave ${code}`)),
    )
  })
  child.stdin?.end(`${name}:${password}\n`)
  await done
}

async function removeUser(name: string): Promise<void> {
  await retryWhileLocked('userdel', ['-f', name])
}

/** Users of test processes that were killed before they could clean up. */
async function removeAbandoned(): Promise<void> {
  const names = (await readFile('/etc/passwd', 'utf8')).match(/^fgt[0-9]+x[0-9]+(?=:)/gm) ?? []
  for (const name of names) {
    const owner = Number(/[0-9]+/.exec(name)?.[0])
    if (!isAlive(owner)) await removeUser(name).catch(() => undefined)
  }
}

/** The password file is locked while another test changes it. */
async function retryWhileLocked(program: string, args: readonly string[]): Promise<void> {
  for (let left = 100; ; left--) {
    try {
      await run(program, [...args])
      return
    } catch (thrown) {
      const text = String(thrown)
      if (left === 0 || !/lock|try again/i.test(text)) throw thrown
      await sleep(50)
    }
  }
}
