/** Debian packages that the tests need: installed when we are root, else named with the line that installs them. */
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

interface SystemPackage {
  readonly name: string
  /** What must be there: a command, or for things without one a file. */
  readonly needs: readonly string[]
}

/** One row per package; a command may lie in sbin, which is not on the PATH of ordinary users. */
export const systemPackages: readonly SystemPackage[] = [
  { name: 'openssh-client', needs: ['ssh', 'ssh-keygen', 'ssh-agent', 'ssh-add'] },
  { name: 'openssh-server', needs: ['sshd'] },
  { name: 'procps', needs: ['ps'] },
  { name: 'jq', needs: ['jq'] },
  { name: 'strace', needs: ['strace'] },
  { name: 'e2fsprogs', needs: ['mkfs.ext4'] },
  { name: 'busybox', needs: ['busybox'] },
  { name: 'sudo', needs: ['sudo'] },
  { name: 'mksh', needs: ['mksh'] },
  { name: 'groff-base', needs: ['groff'] },
  { name: 'zsh', needs: ['zsh'] },
  { name: 'fish', needs: ['fish'] },
  {
    name: 'systemd-journal-remote',
    needs: ['journalctl', '/usr/lib/systemd/systemd-journal-remote'],
  },
  { name: 'systemd', needs: ['systemd-analyze'] },
  { name: 'python3-minimal', needs: ['python3'] },
  {
    name: 'python3-clustershell',
    needs: ['/usr/bin/python3', '/usr/lib/python3/dist-packages/ClusterShell/NodeSet.py'],
  },
  { name: 'ansible-core', needs: ['ansible-inventory'] },
  { name: 'nginx-light', needs: ['nginx'] },
  { name: 'openssl', needs: ['openssl'] },
  { name: 'redis-server', needs: ['redis-server'] },
  { name: 'redis-tools', needs: ['redis-cli'] },
  { name: 'chromium', needs: ['chromium'] },
  { name: 'fonts-noto-cjk', needs: ['/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc'] },
]

/** What only the chaos suite needs beside those: namespaces, firewall, a clock to turn, a second proxy. */
export const chaosPackages: readonly SystemPackage[] = [
  { name: 'iproute2', needs: ['ip', 'tc'] },
  { name: 'nftables', needs: ['nft'] },
  { name: 'faketime', needs: ['faketime'] },
  { name: 'caddy', needs: ['caddy'] },
  { name: 'podman', needs: ['podman'] },
  { name: 'crun', needs: ['crun'] },
  { name: 'debootstrap', needs: ['debootstrap'] },
]

/** What only the suite of real hosts needs beside those: container engines, a whole systemd, other login shells. */
export const hostPackages: readonly SystemPackage[] = [
  { name: 'podman', needs: ['podman'] },
  { name: 'crun', needs: ['crun'] },
  { name: 'dbus', needs: ['dbus-daemon'] },
  { name: 'libpam-systemd', needs: ['/usr/share/pam-configs/systemd'] },
  { name: 'dbus-user-session', needs: ['/usr/lib/systemd/user/dbus.socket'] },
  { name: 'tcsh', needs: ['tcsh'] },
  { name: 'dropbear-bin', needs: ['dropbear', 'dropbearkey'] },
  { name: 'locales', needs: ['/usr/share/i18n/locales/zh_CN'] },
  { name: 'docker.io', needs: ['dockerd', '/usr/bin/docker'] },
]

/** Vitest calls this once before the tests of a project that lists this file under `globalSetup`. */
export function setup(): void {
  ensurePackages()
}

/** Resolves to nothing when every package is there; throws an error that holds the exact apt-get line. */
export function ensurePackages(packages: readonly SystemPackage[] = systemPackages): void {
  const missing = missingPackages(packages)
  if (missing.length === 0) return prepareSshd()
  const line = aptLine(missing)
  if (process.getuid?.() !== 0) {
    throw new Error(`These tests need Debian packages that are not installed. Run:\n  ${line}`)
  }
  console.error(`Installing what the tests need: ${missing.join(' ')}`)
  installPackages(missing)
  const still = missingPackages(packages)
  if (still.length > 0) throw new Error(`After the installation still missing: ${still.join(' ')}`)
  prepareSshd()
}

/** Names of the packages whose commands or files are not there. */
export function missingPackages(packages: readonly SystemPackage[]): readonly string[] {
  return packages.filter((wanted) => !wanted.needs.every(isThere)).map((wanted) => wanted.name)
}

/** The line for people to type. */
export function aptLine(names: readonly string[]): string {
  return `sudo apt-get update && sudo apt-get install --no-install-recommends ${names.join(' ')}`
}

function isThere(need: string): boolean {
  if (need.startsWith('/')) return existsSync(need)
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin']
  return folders.some((folder) => folder !== '' && isExecutable(join(folder, need)))
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function installPackages(names: readonly string[]): void {
  const restore = forbidDaemons()
  try {
    apt(['update'])
    apt(['install', '--yes', '--no-install-recommends', ...names])
  } finally {
    restore()
  }
}

/** openssh-server would start a daemon on port 22; the tests start their own on free ports. */
function forbidDaemons(): () => void {
  const policy = '/usr/sbin/policy-rc.d'
  if (existsSync(policy)) return () => {}
  writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  return () => rmSync(policy, { force: true })
}

function apt(args: readonly string[]): void {
  const done = spawnSync('apt-get', ['-o', 'DPkg::Lock::Timeout=300', ...args], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  if (done.status === 0) return
  const reason = done.error?.message ?? done.stderr.toString().trim()
  throw new Error(`apt-get ${args.join(' ')} failed:\n${reason}`)
}

/** A root sshd refuses to start without this folder, which only the system's own service makes. */
function prepareSshd(): void {
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 })
}
