/** A real sshd whose only way from here leads through a proxy that can spoil the connection. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts'
import { type Sshd, type SshdOptions, startSshd } from './sshd.ts'

export interface ProxiedSshd extends AsyncDisposable {
  readonly sshd: Sshd
  readonly proxy: FaultProxy
  readonly alias: string
  /** For ssh's `-F`: leads through the proxy. */
  readonly sshConfigFile: string
}

export async function startProxiedSshd(options: SshdOptions = {}): Promise<ProxiedSshd> {
  const sshd = await startSshd(options)
  const proxy = await startFaultProxy({ targetPort: sshd.port })
  const sshConfigFile = join(sshd.directory, 'ssh_config_by_proxy')
  const direct = await readFile(sshd.sshConfigFile, 'utf8')
  await writeFile(sshConfigFile, direct.replaceAll(`Port ${sshd.port}`, `Port ${proxy.port}`))
  const known = await readFile(sshd.knownHostsFile, 'utf8')
  const byProxy = known.replaceAll(`]:${sshd.port} `, `]:${proxy.port} `)
  await writeFile(sshd.knownHostsFile, known + byProxy)
  return {
    sshd,
    proxy,
    alias: sshd.alias,
    sshConfigFile,
    async [Symbol.asyncDispose]() {
      await proxy[Symbol.asyncDispose]()
      await sshd[Symbol.asyncDispose]()
    },
  }
}
