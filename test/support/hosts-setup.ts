/** Vitest calls this before the suite of real hosts: it cannot do with less than root, and says so. */
import { ensurePackages, hostPackages, systemPackages } from './system-packages.ts'

export function setup(): void {
  if (process.getuid?.() !== 0) {
    throw new Error('The suite of real hosts mounts and starts container engines: run it as root.')
  }
  ensurePackages([...systemPackages, ...hostPackages])
}
