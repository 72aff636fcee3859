/** A real Caddy in front of servers, from the text of a Caddyfile. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './free-port.ts'
import { send } from './raw-http.ts'
import { removeFolder } from './remove-folder.ts'
import { until } from './until.ts'

export interface Caddy extends AsyncDisposable {
  /** `https://localhost:…`, with a certificate that Caddy has signed by itself. */
  readonly url: string
}

/** Resolves once it answers. The site's address is what `siteOf` makes of ours. */
export async function startCaddy(siteOf: (address: string) => string): Promise<Caddy> {
  const directory = await mkdtemp(join(tmpdir(), 'fg-caddy-'))
  const url = `https://localhost:${await freePort()}`
  const file = join(directory, 'Caddyfile')
  // Neither its port of control, nor the redirects of port 80, nor a certificate for this machine.
  const own = '{\n\tadmin off\n\tskip_install_trust\n\tauto_https disable_redirects\n}\n'
  await writeFile(file, `${own}${siteOf(url)}`)
  const child = spawn('caddy', ['run', '--config', file, '--adapter', 'caddyfile'], {
    stdio: 'ignore',
    env: { ...process.env, HOME: directory, XDG_DATA_HOME: directory, XDG_CONFIG_HOME: directory },
  })
  const stop = async () => {
    if (child.exitCode === null) {
      const exit = once(child, 'exit')
      child.kill('SIGTERM')
      await exit
    }
    await removeFolder(directory)
  }
  try {
    await until('Caddy answers', async () => {
      if (child.exitCode !== null) throw new Error(`Caddy ended with ${child.exitCode}.`)
      return (await send(`${url}/healthz`).catch(() => undefined)) !== undefined
    })
  } catch (thrown) {
    await stop()
    throw thrown
  }
  return { url, [Symbol.asyncDispose]: stop }
}
