/** The home directory of a demo host: its programs on PATH, and logs with a past. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { accessLine } from './programs/access-log.ts'
import { appLine } from './programs/app-log.ts'
import { programNames } from './programs/program-names.ts'
import { type Random, seededRandom } from './programs/random.ts'
import { runnableModule } from './runnable-module.ts'

export interface DemoHome {
  readonly name: string
  readonly directory: string
  readonly programs: string
}

export async function makeHome(fleetDirectory: string, name: string): Promise<DemoHome> {
  const directory = join(fleetDirectory, 'hosts', name)
  const programs = join(directory, 'bin')
  const logs = join(directory, 'log')
  await mkdir(programs, { recursive: true, mode: 0o700 })
  await mkdir(logs, { recursive: true, mode: 0o700 })
  const { file, execArgv } = runnableModule(new URL('./programs/main.ts', import.meta.url))
  const node = [process.execPath, ...execArgv, fileURLToPath(file)].map(quote).join(' ')
  for (const program of programNames) {
    await writeProgram(join(programs, program), `exec ${node} ${program} "$@"`)
  }
  await writeProgram(join(programs, 'hostname'), `echo ${name}`)
  await writeFile(join(logs, 'app.log'), past(name, appLine))
  await writeFile(join(logs, 'access.log'), past(name, accessLine))
  return { name, directory, programs }
}

/** All that a session gets: the server's own environment stays with the server. */
export function homeEnvironment({ name, directory, programs }: DemoHome): NodeJS.ProcessEnv {
  return {
    HOME: directory,
    HOSTNAME: name,
    LANG: 'C.UTF-8',
    LOGNAME: 'demo',
    PATH: `${programs}:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin`,
    SHELL: '/bin/sh',
    TERM: 'xterm-256color',
    USER: 'demo',
  }
}

async function writeProgram(file: string, line: string): Promise<void> {
  await writeFile(file, `#!/bin/sh\n${line}\n`, { mode: 0o700 })
}

/** The last hour or so, for `tail` and `grep`. */
function past(name: string, line: (random: Random, time: Date) => string): string {
  const random = seededRandom(name)
  const lines: string[] = []
  let time = Date.now() - pastMs
  while (time < Date.now()) {
    lines.push(`${line(random, new Date(time))}\n`)
    time += random.int(200, 2 * (pastMs / pastLines))
  }
  return lines.join('')
}

const pastMs = 3_600_000
const pastLines = 2_000

function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}
