/** A real Dropbear on a free port, the SSH server of small systems, with a user of its own. Needs root. */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from './free-port.ts'
import { removeFolder } from './remove-folder.ts'
import { makeUser } from './throwaway-user.ts'

const run = promisify(execFile)

export interface Dropbear extends AsyncDisposable {
  readonly alias: string
  readonly sshConfigFile: string
}

export async function startDropbear(): Promise<Dropbear> {
  const directory = await mkdtemp(join(tmpdir(), 'fg-dropbear-'))
  // The way to the keys of a user must be open to that user.
  await chmod(directory, 0o755)
  const user = await makeUser(join(directory, 'home'))
  const [hostKey, userKey] = [join(directory, 'host'), join(directory, 'user')]
  await run('dropbearkey', ['-t', 'ed25519', '-f', hostKey])
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', userKey])
  const folder = join(user.home, '.ssh')
  await mkdir(folder, { mode: 0o700 })
  await writeFile(join(folder, 'authorized_keys'), await readFile(`${userKey}.pub`))
  await run('chown', ['-R', user.name, user.home])
  const port = await freePort()
  const words = ['-F', '-E', '-r', hostKey, '-p', `127.0.0.1:${port}`, '-P', join(directory, 'pid')]
  const server = spawn('dropbear', words, { stdio: ['ignore', 'ignore', 'pipe'] })
  const alias = 'small'
  const sshConfigFile = join(directory, 'ssh_config')
  const config = [
    `Host ${alias}`,
    '  HostName 127.0.0.1',
    `  Port ${port}`,
    `  User ${user.name}`,
    `  IdentityFile ${userKey}`,
    '  IdentitiesOnly yes',
    `  UserKnownHostsFile ${join(directory, 'known_hosts')}`,
  ]
  await writeFile(sshConfigFile, `${config.join('\n')}\n`)
  // It says so once it listens.
  await once(server.stderr, 'data')
  server.stderr.resume()
  return {
    alias,
    sshConfigFile,
    async [Symbol.asyncDispose]() {
      const gone = once(server, 'exit')
      server.kill()
      await gone
      await user[Symbol.asyncDispose]()
      await removeFolder(directory)
    },
  }
}
