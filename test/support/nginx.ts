/** A real nginx in front of a server, as people put one there; a test gives the lines that matter. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './free-port.ts'
import { removeFolder } from './remove-folder.ts'
import { until } from './until.ts'

export interface Nginx extends AsyncDisposable {
  readonly url: string
}

export interface NginxOptions {
  readonly targetPort: number
  /** Lines of the `location` block beside `proxy_pass`. */
  readonly location?: readonly string[]
}

/** One that hands everything to the server, on plain HTTP. Resolves once it listens. */
export function startNginx({ targetPort, location = [] }: NginxOptions): Promise<Nginx> {
  return startNginxSite((port) => ({
    url: `http://127.0.0.1:${port}`,
    site: [
      `server { listen 127.0.0.1:${port}; location / {`,
      `proxy_pass http://127.0.0.1:${targetPort};`,
      ...location,
      '} }',
    ].join('\n'),
  }))
}

/** What stands in the `http` block, and where it is then reached. */
export interface NginxSite {
  readonly url: string
  readonly site: string
}

/** One with the site that is made for a free port. Resolves once it listens. */
export async function startNginxSite(siteOf: (port: number) => NginxSite): Promise<Nginx> {
  const directory = await mkdtemp(join(tmpdir(), 'fg-nginx-'))
  const port = await freePort()
  const { url, site } = siteOf(port)
  const errors = join(directory, 'error.log')
  await writeFile(join(directory, 'nginx.conf'), configOf(directory, site))
  const args = ['-p', directory, '-c', join(directory, 'nginx.conf'), '-e', errors]
  const child = spawn('nginx', args, { stdio: 'ignore' })
  const stop = async () => {
    if (child.exitCode === null) {
      const exit = once(child, 'exit')
      child.kill('SIGTERM')
      await exit
    }
    await removeFolder(directory)
  }
  try {
    await until('nginx listens', async () => {
      if (child.exitCode !== null) throw new Error(await readFile(errors, 'utf8'))
      return listens(port)
    })
  } catch (thrown) {
    await stop()
    throw thrown
  }
  return { url, [Symbol.asyncDispose]: stop }
}

function configOf(directory: string, site: string): string {
  const own = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${directory}/${kind};`,
  )
  const lines = [
    'daemon off;',
    `pid ${directory}/pid;`,
    // Its workers would be another user, who may not write to a directory of ours.
    ...(process.getuid?.() === 0 ? ['user root;'] : []),
    'events {}',
    'http {',
    'access_log off;',
    ...own,
    site,
    '}',
  ]
  return `${lines.join('\n')}\n`
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
