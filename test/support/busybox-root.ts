/** A file system that holds nothing but BusyBox: the root of a container, or of a very small host. */
import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** With all of its tools, unless only some are named. */
export function makeBusyboxRoot(rootfs: string, tools: readonly string[] = allTools()): void {
  for (const folder of ['bin', 'dev', 'etc', 'proc', 'sys', 'tmp']) {
    mkdirSync(join(rootfs, folder), { recursive: true })
  }
  copyFileSync('/bin/busybox', join(rootfs, 'bin/busybox'))
  for (const tool of tools) symlinkSync('busybox', join(rootfs, 'bin', tool))
  // A static BusyBox has none.
  const { stdout } = spawnSync('ldd', ['/bin/busybox'], { encoding: 'utf8' })
  for (const [library] of stdout.matchAll(/\/\S+/g)) {
    mkdirSync(dirname(join(rootfs, library)), { recursive: true })
    execFileSync('cp', ['--dereference', library, join(rootfs, library)])
  }
}

function allTools(): readonly string[] {
  const { stdout } = spawnSync('/bin/busybox', ['--list'], { encoding: 'utf8' })
  return stdout
    .trim()
    .split('\n')
    .filter((name) => name !== 'busybox')
}
