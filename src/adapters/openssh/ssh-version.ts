/** Which OpenSSH client there is. */
import { execFile } from 'node:child_process'

/** The version line of `ssh -V` (`OpenSSH_9.2p1 …`), or null when there is no ssh to run. */
export function sshVersion(): Promise<string | null> {
  return new Promise((resolve) => {
    execFile('ssh', ['-V'], { timeout: 10_000 }, (error, stdout, stderr) => {
      const line = `${stderr}${stdout}`.split('\n')[0]?.trim() ?? ''
      resolve(error === null && line !== '' ? line : null)
    })
  })
}

/** `9.2` of `OpenSSH_9.2p1 …` as 902, so that versions compare as numbers; 0 when unknown. */
export function versionNumber(line: string | null): number {
  const [, major, minor] = /OpenSSH_(?:for_Windows_)?([0-9]+)\.([0-9]+)/.exec(line ?? '') ?? []
  return major === undefined || minor === undefined ? 0 : Number(major) * 100 + Number(minor)
}
