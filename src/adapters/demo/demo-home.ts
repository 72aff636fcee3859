/** The home directory of a demo host: its programs on PATH, and its logs. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { keepLogs } from './demo-logs.ts'
import { programNames } from './programs/program-names.ts'
import { runnableModule } from './runnable-module.ts'

export interface DemoHome {
  readonly name: string
  readonly directory: string
  readonly programs: string
}

export async function makeHome(fleetDirectory: string, name: string): Promise<DemoHome> {
  const directory = join(fleetDirectory, 'hosts', name)
  const programs = join(directory, 'bin')
  await mkdir(programs, { recursive: true, mode: 0o700 })
  const { file, execArgv } = runnableModule(new URL('./programs/main.ts', import.meta.url))
  const node = [process.execPath, ...execArgv, fileURLToPath(file)].map(quote).join(' ')
  for (const program of programNames) {
    await writeProgram(join(programs, program), `exec ${node} ${program} "$@"`)
  }
  await writeProgram(join(programs, 'hostname'), `echo ${name}`)
  await writeProgram(join(programs, 'journalctl'), journalctl)
  await keepLogs(directory, name)
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

/** The journal of this machine is none of the demo's business; the host has its own. */
const journalctl = `lines=1000 follow=
while [ $# -gt 0 ]; do
  case $1 in
    -n | --lines) lines=$2; shift ;;
    -n* | --lines=*) lines=\${1#--lines=}; lines=\${lines#-n} ;;
    -f | --follow) follow=-F ;;
    -fn | -nf) follow=-F; lines=$2; shift ;;
  esac
  shift
done
exec tail -n "$lines" $follow "$HOME/log/journal.log"`

async function writeProgram(file: string, line: string): Promise<void> {
  await writeFile(file, `#!/bin/sh\n${line}\n`, { mode: 0o700 })
}

function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}
