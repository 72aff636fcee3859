import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { removeFolder, removeFolderSync } from './remove-folder.ts'
import { until } from './until.ts'

/** A folder into which thousands of files are still to come. */
async function writtenFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'fg-written-'))
  const command =
    'mkdir "$0/in"; i=0; while [ $i -lt 4000 ] && : >"$0/in/$i"; do i=$((i+1)); done 2>/dev/null'
  const writer = spawn('/bin/sh', ['-c', command, folder])
  const exit = once(writer, 'exit')
  await until('it writes', () => existsSync(join(folder, 'in/100')))
  return { folder, exit }
}

it('a folder in which something is written is gone once the promise says so', async () => {
  const { folder, exit } = await writtenFolder()
  await removeFolder(folder)
  expect(existsSync(folder)).toBe(false)
  await exit
})

it('without a promise it is gone at once', async () => {
  const { folder, exit } = await writtenFolder()
  removeFolderSync(folder)
  expect(existsSync(folder)).toBe(false)
  await exit
})
