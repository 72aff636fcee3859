/** What a file of page tests stands on: an sshd, a server that knows its names, and a browser. */
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { createCleanUp } from '../../src/app/clean-up.ts'
import { type Chromium, startChromium } from './chromium.ts'
import { type Farglass, startFarglass } from './farglass.ts'
import { removeFolder } from './remove-folder.ts'
import { type Sshd, type SshdOptions, startSshd } from './sshd.ts'

export interface PageKit {
  readonly sshd: Sshd
  readonly server: Farglass
  readonly chromium: Chromium
  /** An empty folder, removed afterwards. */
  readonly folder: string
}

/** Started before the tests of the file and ended after them; to be used within tests only. */
export function usePageKit(options: SshdOptions = {}): PageKit {
  const cleanUp = createCleanUp()
  const use = <Part extends AsyncDisposable>(part: Part): Part => {
    cleanUp.add(async () => part[Symbol.asyncDispose]())
    return part
  }
  let kit: PageKit | undefined
  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'fg-page-'))
    cleanUp.add(() => removeFolder(folder))
    const sshd = use(await startSshd(options))
    const { sshConfigFile } = sshd
    const server = use(await startFarglass({ sshConfigFile, auth: 'none' }))
    kit = { folder, sshd, server, chromium: use(await startChromium()) }
  })
  afterAll(() => cleanUp.run())
  const part = <Name extends keyof PageKit>(name: Name): PageKit[Name] => {
    if (kit === undefined) throw new Error('The page kit is there only while tests run.')
    return kit[name]
  }
  return {
    get sshd() {
      return part('sshd')
    },
    get server() {
      return part('server')
    },
    get chromium() {
      return part('chromium')
    },
    get folder() {
      return part('folder')
    },
  }
}
