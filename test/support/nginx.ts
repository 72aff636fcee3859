/** A real nginx in front of a server, as people put one there; a test gives the lines that matter. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from './until.ts'

export interface Nginx extends AsyncDisposable {
  readonly url: string
}

export interface NginxOptions {
  readonly targetPort: number
  /** Lines of the `location` block beside `proxy_pass`. */
  readonly location?: readonly string[]
}

/** Resolves once it listens. */
export async function startNginx({ targetPort, location = [] }: NginxOptions): Promise<Nginx> {
  const directory = await mkdtemp(join(tmpdir(), 'fg-nginx-'))
  const port = await freePort()
  const errors = join(directory, 'error.log')
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
    `server { listen 127.0.0.1:${port}; location / {`,
    `proxy_pass http://127.0.0.1:${targetPort};`,
    ...location,
    '} } }',
  ]
  await writeFile(join(directory, 'nginx.conf'), `${lines.join('\n')}\n`)
  const args = ['-p', directory, '-c', join(directory, 'nginx.conf'), '-e', errors]
  const child = spawn('nginx', args, { stdio: 'ignore' })
  const stop = async () => {
    if (child.exitCode === null) {
      const exit = once(child, 'exit')
      child.kill('SIGTERM')
      await exit
    }
    await rm(directory, { recursive: true, force: true })
  }
  const url = `http://127.0.0.1:${port}`
  try {
    await until('nginx answers', async () => {
      if (child.exitCode !== null) throw new Error(await readFile(errors, 'utf8'))
      return (await fetch(url).catch(() => undefined)) !== undefined
    })
  } catch (thrown) {
    await stop()
    throw thrown
  }
  return { url, [Symbol.asyncDispose]: stop }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('No port was given.')
  return address.port
}
